//! Bitbucket Cloud: comments of a pull request. Its Markdown knows no HTML.

use reqwest::{Method, RequestBuilder};
use serde_json::json;

use super::{Comment, Draft, Forge, Page, items, segment, text};
use crate::tell::Markup;

pub struct Bitbucket {
    /// `https://api.bitbucket.org/2.0`
    pub api: String,
    pub workspace: String,
    pub repository: String,
    pub number: String,
    pub token: String,
}

impl Bitbucket {
    fn all(&self) -> String {
        format!(
            "{}/repositories/{}/{}/pullrequests/{}/comments",
            self.api,
            segment(&self.workspace),
            segment(&self.repository),
            segment(&self.number)
        )
    }
}

impl Forge for Bitbucket {
    fn name(&self) -> &'static str {
        "Bitbucket"
    }

    fn markup(&self) -> Markup {
        // 32,768 characters.
        Markup { html: false, longest: 30_000 }
    }

    fn first_page(&self) -> String {
        format!("{}?pagelen=100", self.all())
    }

    fn comments(&self, page: &Page) -> Vec<Comment> {
        let there = items(&page.body, "values").filter(|c| c["deleted"] != true);
        there.map(|c| Comment { id: text(&c["id"]), body: text(&c["content"]["raw"]) }).collect()
    }

    fn next_page(&self, page: &Page) -> Option<String> {
        page.body["next"].as_str().map(str::to_owned)
    }

    fn create(&self, text: &str) -> Draft {
        Draft { method: Method::POST, url: self.all(), body: json!({"content": {"raw": text}}) }
    }

    fn update(&self, id: &str, text: &str) -> Draft {
        let url = format!("{}/{id}", self.all());
        Draft { method: Method::PUT, url, body: json!({"content": {"raw": text}}) }
    }

    fn authorize(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(&self.token)
    }

    fn needs(&self) -> &'static str {
        "make a repository access token with scope pullrequest:write, and give it to the pipeline as the secured variable BITBUCKET_ACCESS_TOKEN"
    }
}
