//! The stream that a release belongs to: versions are counted in each stream by itself, so that two repositories may use the same
//! numbers on one database.
//!
//! A release belongs to its category if it has one, else to the repository that its link leads to, else to its project.

/// What serves a repository, which says how its addresses are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    Github,
    Gitlab,
    Bitbucket,
    AzureDevops,
    Unknown,
}

/// Words that begin what a server shows of a repository.
const SHOWN: &[&str] = &[
    "-",
    "actions",
    "blob",
    "branch",
    "commit",
    "commits",
    "compare",
    "merge_requests",
    "pipelines",
    "pull",
    "pull-requests",
    "pullrequest",
    "pulls",
    "releases",
    "src",
    "tree",
    "tags",
];

/// `projects/{project}`, `projects/{project}/categories/{category}` or `projects/{project}/repositories/{host}/{path}`.
pub fn stream(project: &str, category: &str, link: Option<(Host, &str)>) -> String {
    if !category.is_empty() {
        return format!("projects/{project}/categories/{category}");
    }
    match link.and_then(|(host, url)| repository(host, url)) {
        Some(repository) => format!("projects/{project}/repositories/{repository}"),
        None => format!("projects/{project}"),
    }
}

/// The repository that an address of a commit, a change or the repository itself leads to, as `host/path` in lower case. None when
/// the address names none.
pub fn repository(host: Host, url: &str) -> Option<String> {
    let url = url.split(['?', '#']).next()?;
    let (_, rest) = url.split_once("://")?;
    let (authority, path) = rest.split_once('/')?;
    let server = authority.rsplit('@').next()?;
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let length = match host {
        Host::Github => 2,
        Host::AzureDevops => match parts.iter().position(|part| *part == "_git") {
            Some(at) => at + 2,
            None => shown_at(&parts).min(2),
        },
        // Its own servers: projects/KEY/repos/name
        Host::Bitbucket if parts.get(2) == Some(&"repos") => 4,
        Host::Bitbucket => 2,
        Host::Gitlab | Host::Unknown => shown_at(&parts),
    };
    let path = parts.get(..length.min(parts.len()))?.join("/");
    let path = path.strip_suffix(".git").unwrap_or(&path);
    (!server.is_empty() && !path.is_empty()).then(|| format!("{server}/{path}").to_lowercase())
}

/// A repository stands in a group or belongs to somebody, so such a word is none of its first two parts.
fn shown_at(parts: &[&str]) -> usize {
    let shown = parts.iter().skip(2).position(|part| SHOWN.contains(part));
    shown.map_or(parts.len(), |at| at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_a_repository_leads_to_it() {
        for (host, url, expected) in [
            (Host::Github, "https://github.com/Acme/Shop/commit/0a1b2c", "github.com/acme/shop"),
            (Host::Github, "https://github.com/acme/shop/pull/7", "github.com/acme/shop"),
            (
                Host::Github,
                "https://git.example.com:8443/acme/shop.git",
                "git.example.com:8443/acme/shop",
            ),
            (
                Host::Gitlab,
                "https://gitlab.com/acme/eu/shop/-/merge_requests/7",
                "gitlab.com/acme/eu/shop",
            ),
            (Host::Gitlab, "https://gitlab.com/acme/shop", "gitlab.com/acme/shop"),
            (
                Host::Bitbucket,
                "https://bitbucket.org/acme/shop/commits/0a1b",
                "bitbucket.org/acme/shop",
            ),
            (
                Host::Bitbucket,
                "https://bit.example.com/projects/AC/repos/shop/commits/1",
                "bit.example.com/projects/ac/repos/shop",
            ),
            (
                Host::AzureDevops,
                "https://dev.azure.com/acme/Shop%20X/_git/api/pullrequest/3",
                "dev.azure.com/acme/shop%20x/_git/api",
            ),
            (
                Host::AzureDevops,
                "https://dev.azure.com/acme/shop/_build/results?buildId=7",
                "dev.azure.com/acme/shop",
            ),
            (
                Host::Unknown,
                "https://user:key@git.example.com/acme/shop/src/branch/main#L1",
                "git.example.com/acme/shop",
            ),
            (Host::Unknown, "https://git.example.com/shop.git", "git.example.com/shop"),
        ] {
            assert_eq!(repository(host, url).as_deref(), Some(expected), "{url}");
        }
        for url in ["", "https://", "https://github.com", "https://github.com/", "acme/shop"] {
            assert_eq!(repository(Host::Github, url), None, "{url}");
        }
    }

    #[test]
    fn a_category_goes_before_the_repository() {
        let link = Some((Host::Github, "https://github.com/acme/shop/commit/1"));
        assert_eq!(stream("p", "web", link), "projects/p/categories/web");
        assert_eq!(stream("p", "", link), "projects/p/repositories/github.com/acme/shop");
        assert_eq!(stream("p", "", None), "projects/p");
        assert_eq!(stream("p", "", Some((Host::Github, ""))), "projects/p");
    }
}
