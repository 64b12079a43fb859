//! Azure DevOps: a comment is the first of a thread of the pull request. Threads come in one page.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Comment, Draft, Forge, Page, items, segment, text};
use crate::tell::Markup;

const VERSION: &str = "api-version=7.0";

pub struct Azure {
    /// `https://dev.azure.com/organization/`
    pub collection: String,
    pub project: String,
    pub repository: String,
    pub number: String,
    pub token: String,
}

impl Azure {
    fn threads(&self) -> String {
        format!(
            "{}/{}/_apis/git/repositories/{}/pullRequests/{}/threads",
            self.collection.trim_end_matches('/'),
            segment(&self.project),
            segment(&self.repository),
            segment(&self.number)
        )
    }
}

impl Forge for Azure {
    fn name(&self) -> &'static str {
        "Azure DevOps"
    }

    fn markup(&self) -> Markup {
        // 150,000 characters.
        Markup { html: true, longest: 140_000 }
    }

    fn first_page(&self) -> String {
        format!("{}?{VERSION}", self.threads())
    }

    fn comments(&self, page: &Page) -> Vec<Comment> {
        let is_there = |v: &&Value| v["isDeleted"] != true;
        let first = |thread: &Value| {
            let comment = items(&thread["comments"], "").find(is_there)?;
            let id = format!("{}/comments/{}", text(&thread["id"]), text(&comment["id"]));
            Some(Comment { id, body: text(&comment["content"]) })
        };
        items(&page.body, "value").filter(is_there).filter_map(first).collect()
    }

    fn next_page(&self, _: &Page) -> Option<String> {
        None
    }

    /// Closed, so that a policy which wants all comments resolved does not wait for it.
    fn create(&self, text: &str) -> Draft {
        let comment = json!({"parentCommentId": 0, "content": text, "commentType": "text"});
        let body = json!({"comments": [comment], "status": "closed"});
        Draft { method: Method::POST, url: format!("{}?{VERSION}", self.threads()), body }
    }

    fn update(&self, id: &str, text: &str) -> Draft {
        let url = format!("{}/{id}?{VERSION}", self.threads());
        Draft { method: Method::PATCH, url, body: json!({"content": text}) }
    }

    fn authorize(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(&self.token)
    }

    fn needs(&self) -> &'static str {
        "give the step `env: {SYSTEM_ACCESSTOKEN: $(System.AccessToken)}`, and the build service of the project the right to contribute to pull requests"
    }
}
