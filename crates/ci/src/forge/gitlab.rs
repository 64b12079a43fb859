//! GitLab, by whatever address it says of itself: notes of a merge request.

use reqwest::{Method, RequestBuilder};
use serde_json::json;

use super::{Comment, Draft, Forge, Page, items, segment, text};
use crate::tell::Markup;

pub struct Gitlab {
    /// `https://gitlab.example.com/api/v4`
    pub api: String,
    /// Number or path of the project that the merge request is in.
    pub project: String,
    pub number: String,
    pub token: String,
}

impl Gitlab {
    fn notes(&self) -> String {
        format!(
            "{}/projects/{}/merge_requests/{}/notes",
            self.api,
            segment(&self.project),
            segment(&self.number)
        )
    }
}

impl Forge for Gitlab {
    fn name(&self) -> &'static str {
        "GitLab"
    }

    fn markup(&self) -> Markup {
        // A million characters, of which nobody reads so many.
        Markup { html: true, longest: 200_000 }
    }

    fn first_page(&self) -> String {
        format!("{}?per_page=100&order_by=created_at&sort=asc&page=1", self.notes())
    }

    fn comments(&self, page: &Page) -> Vec<Comment> {
        let own = items(&page.body, "").filter(|n| n["system"] != true);
        own.map(|n| Comment { id: text(&n["id"]), body: text(&n["body"]) }).collect()
    }

    fn next_page(&self, page: &Page) -> Option<String> {
        let next: u32 = page.headers.get("x-next-page")?.to_str().ok()?.parse().ok()?;
        Some(format!("{}?per_page=100&order_by=created_at&sort=asc&page={next}", self.notes()))
    }

    fn create(&self, text: &str) -> Draft {
        Draft { method: Method::POST, url: self.notes(), body: json!({"body": text}) }
    }

    fn update(&self, id: &str, text: &str) -> Draft {
        let url = format!("{}/{id}", self.notes());
        Draft { method: Method::PUT, url, body: json!({"body": text}) }
    }

    fn authorize(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("private-token", &self.token)
    }

    fn needs(&self) -> &'static str {
        "make a project access token with scope api and role Reporter or above, and give it to the job as the masked variable GITLAB_TOKEN"
    }
}
