//! What versions that are marked from here are counted in.

use api::bytebase::v1::VcsType;
use api::bytebase::v1::release::VcsSource;
use base::release::{Host, repository, stream};

/// That of later releases of these files. Where none can be told, what is marked counts in every one: else the next rollout, from a
/// place that can tell, would run everything once more.
pub fn of(project: &str, category: &str, source: Option<&VcsSource>) -> String {
    let host = |kind| match kind {
        VcsType::Github => Host::Github,
        VcsType::Gitlab => Host::Gitlab,
        VcsType::Bitbucket => Host::Bitbucket,
        VcsType::AzureDevops => Host::AzureDevops,
        VcsType::Unspecified => Host::Unknown,
    };
    let link = source.map(|s| (host(s.vcs_type()), s.url.as_str()));
    let is_known = link.is_some_and(|(host, url)| repository(host, url).is_some());
    if category.is_empty() && !is_known {
        return String::new();
    }
    stream(project.trim_start_matches("projects/"), category, link)
}

/// As people read it.
pub fn counts(stream: &str) -> String {
    let parts: Vec<&str> = stream.splitn(4, '/').collect();
    match parts.as_slice() {
        [_, _, "categories", category] => format!("for releases of category {category}"),
        [_, _, "repositories", repository] => format!("for releases of {repository}"),
        _ => "for every release, since no repository is known here".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_counts_where_later_releases_do() {
        let source =
            |url: &str| VcsSource { vcs_type: VcsType::Github.into(), url: url.to_owned() };
        let shop = source("https://github.com/acme/shop/commit/0a1b");
        let of = |category, source: Option<&VcsSource>| super::of("projects/p", category, source);
        assert_eq!(of("", Some(&shop)), "projects/p/repositories/github.com/acme/shop");
        assert_eq!(of("web", Some(&shop)), "projects/p/categories/web");
        assert_eq!(of("", None), "");
        assert_eq!(of("", Some(&source("nowhere"))), "");
        assert_eq!(
            counts("projects/p/repositories/github.com/acme/shop"),
            "for releases of github.com/acme/shop"
        );
    }
}
