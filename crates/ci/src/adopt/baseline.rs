//! The baseline of a database that is taken over: its schema as it is now, from which Basalt's record of it begins.

use api::basalt::v1::{CreateBaselineRequest, CreateBaselineResponse};
use api::bytebase::v1::{ListChangelogsRequest, ListChangelogsResponse};

use crate::failure::Result;
use crate::remote::Remote;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baseline {
    New,
    Written,
    /// Basalt has a record of the database.
    There,
}

impl Baseline {
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::Written => "WRITTEN",
            Self::There => "THERE",
        }
    }
}

pub async fn look(remote: &Remote, target: &str) -> Result<Baseline> {
    let request =
        ListChangelogsRequest { parent: target.to_owned(), page_size: 1, ..Default::default() };
    let page: ListChangelogsResponse =
        remote.read("ChangelogService/ListChangelogs", &request).await?;
    Ok(if page.changelogs.is_empty() { Baseline::New } else { Baseline::There })
}

/// The server records one however often it is asked.
pub async fn write(remote: &Remote, project: &str, target: &str) -> Result<Baseline> {
    let request = CreateBaselineRequest { parent: target.to_owned(), project: project.to_owned() };
    let made: CreateBaselineResponse =
        remote.read("basalt.v1.BaselineService/CreateBaseline", &request).await?;
    Ok(if made.recorded { Baseline::Written } else { Baseline::There })
}
