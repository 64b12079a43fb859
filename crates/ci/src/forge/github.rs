//! GitHub, and GitHub Enterprise by its own address: comments of a pull request are those of its issue.

use reqwest::header::LINK;
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use super::{Comment, Draft, Forge, Page, items, text};
use crate::tell::Markup;

pub struct Github {
    /// `https://api.github.com`
    pub api: String,
    /// `owner/name`
    pub repository: String,
    pub number: u64,
    pub token: String,
}

impl Forge for Github {
    fn name(&self) -> &'static str {
        "GitHub"
    }

    fn markup(&self) -> Markup {
        // 65,536 characters.
        Markup { html: true, longest: 60_000 }
    }

    fn first_page(&self) -> String {
        format!(
            "{}/repos/{}/issues/{}/comments?per_page=100",
            self.api, self.repository, self.number
        )
    }

    fn comments(&self, page: &Page) -> Vec<Comment> {
        items(&page.body, "")
            .map(|c| Comment { id: text(&c["id"]), body: text(&c["body"]) })
            .collect()
    }

    /// `Link: <https://…&page=2>; rel="next", …`
    fn next_page(&self, page: &Page) -> Option<String> {
        let link = page.headers.get(LINK)?.to_str().ok()?;
        let next = link.split(',').find(|part| part.contains("rel=\"next\""))?;
        let (_, rest) = next.split_once('<')?;
        rest.split_once('>').map(|(url, _)| url.to_owned())
    }

    fn create(&self, text: &str) -> Draft {
        let url = format!("{}/repos/{}/issues/{}/comments", self.api, self.repository, self.number);
        Draft { method: Method::POST, url, body: json!({"body": text}) }
    }

    fn update(&self, id: &str, text: &str) -> Draft {
        let url = format!("{}/repos/{}/issues/comments/{id}", self.api, self.repository);
        Draft { method: Method::PATCH, url, body: json!({"body": text}) }
    }

    fn authorize(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .bearer_auth(&self.token)
            .header("accept", "application/vnd.github+json")
            .header("x-github-api-version", "2022-11-28")
    }

    fn needs(&self) -> &'static str {
        "give the job `permissions: {pull-requests: write}` and the step `env: {GITHUB_TOKEN: ${{ github.token }}}`"
    }
}
