//! A machine of somebody: the repository is told by its own configuration, so that a release from here counts in the same stream as
//! those of its pipeline.

use std::path::Path;

use api::bytebase::v1::VcsType;
use api::bytebase::v1::release::VcsSource;

/// Folders above the present one that are looked into.
const MOST_FOLDERS: usize = 64;

/// Where `origin` is, if the folder belongs to a repository that has one.
pub fn source(folder: &Path) -> Option<VcsSource> {
    let folder = folder.canonicalize().ok()?;
    let config = folder
        .ancestors()
        .take(MOST_FOLDERS)
        .find_map(|f| std::fs::read_to_string(f.join(".git/config")).ok())?;
    let url = address(&origin(&config)?)?;
    let host = url.split('/').nth(2).unwrap_or_default();
    let kind = match host {
        "github.com" => VcsType::Github,
        "gitlab.com" => VcsType::Gitlab,
        "bitbucket.org" => VcsType::Bitbucket,
        "dev.azure.com" => VcsType::AzureDevops,
        _ => VcsType::Unspecified,
    };
    Some(VcsSource { vcs_type: kind.into(), url })
}

/// The `url` of `[remote "origin"]`.
fn origin(config: &str) -> Option<String> {
    let mut inside = false;
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line.replace(' ', "") == "[remote\"origin\"]";
        } else if inside
            && let Some((name, value)) = line.split_once('=')
            && name.trim() == "url"
        {
            return Some(value.trim().to_owned());
        }
    }
    None
}

/// As browsers know it: `git@github.com:team/shop.git` is `https://github.com/team/shop`. None for a folder of this machine.
fn address(remote: &str) -> Option<String> {
    let (host, path) = match remote.split_once("://") {
        Some(("https" | "http" | "ssh" | "git", rest)) => rest.split_once('/')?,
        Some(_) => return None,
        // A short form of ssh; a path has its slash before any colon.
        None => remote.split_once(':').filter(|(host, _)| !host.contains('/'))?,
    };
    let host = host.rsplit('@').next()?;
    let is_ssh = !remote.starts_with("http");
    let host = if is_ssh { host.split(':').next()? } else { host };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (!host.is_empty() && !path.is_empty()).then(|| format!("https://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_remote_is_one_address() {
        for remote in [
            "https://github.com/team/shop.git",
            "https://user:key@github.com/team/shop",
            "git@github.com:team/shop.git",
            "ssh://git@github.com:22/team/shop.git",
        ] {
            assert_eq!(
                address(remote).as_deref(),
                Some("https://github.com/team/shop"),
                "{remote}"
            );
        }
        assert_eq!(address("http://git.lan:8080/a/b").as_deref(), Some("https://git.lan:8080/a/b"));
        for remote in ["/srv/git/shop.git", "../shop", "file:///srv/shop", ""] {
            assert_eq!(address(remote), None, "{remote}");
        }
    }

    #[test]
    fn the_repository_above_a_folder_tells_it() {
        let root = tempfile::tempdir().unwrap();
        let config = "[core]\n\turl = no\n[remote \"fork\"]\n\turl = https://github.com/me/shop\n[remote \"origin\"]\n\turl = git@gitlab.com:team/eu/shop.git\n";
        std::fs::create_dir_all(root.path().join(".git")).unwrap();
        std::fs::create_dir_all(root.path().join("db/migrations")).unwrap();
        std::fs::write(root.path().join(".git/config"), config).unwrap();
        let found = source(&root.path().join("db/migrations")).unwrap();
        assert_eq!(
            (found.vcs_type(), found.url.as_str()),
            (VcsType::Gitlab, "https://gitlab.com/team/eu/shop")
        );
    }
}
