//! The unprivileged user that a server runs as: ourselves, or a system user when we are root.
//!
//! PostgreSQL refuses to run as root, and a test server has no business with root's rights.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// We are not root: everything runs as we do.
    Ourselves,
    /// We are root: change to this user.
    System { uid: u32, gid: u32 },
}

impl Account {
    /// Ourselves, or, as root, the first of `names` that this machine knows.
    pub fn choose(names: &[&str]) -> Result<Self> {
        if !is_root()? {
            return Ok(Self::Ourselves);
        }
        let passwd = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
        names.iter().find_map(|name| system_user(&passwd, name)).with_context(|| {
            format!("no user {} on this machine to run the server as", names.join(" or "))
        })
    }

    /// A command that runs as this user, in a folder it can enter.
    pub fn command(self, program: impl AsRef<Path>, dir: &Path) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(dir).env("HOME", dir).stdin(Stdio::null());
        if let Self::System { uid, gid } = self {
            // The standard library also drops the supplementary groups when root changes its uid.
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Gives a file or folder to this user.
    pub fn own(self, path: &Path) -> Result<()> {
        match self {
            Self::Ourselves => Ok(()),
            Self::System { uid, gid } => chown(path, Some(uid), Some(gid))
                .with_context(|| format!("cannot give {} to user {uid}", path.display())),
        }
    }

    /// Whether this user may enter the folder: asked of the kernel, because any parent may forbid it.
    pub fn can_enter(self, dir: &Path) -> Result<bool> {
        let status = self
            .command("/usr/bin/test", Path::new("/"))
            .arg("-x")
            .arg(dir)
            .status()
            .context("cannot run /usr/bin/test")?;
        Ok(status.success())
    }
}

/// Whether we may install packages and change users.
pub fn is_root() -> Result<bool> {
    Ok(fs::metadata("/proc/self")
        .context("cannot read /proc/self: the test servers need Linux")?
        .uid()
        == 0)
}

/// Finds `name:x:uid:gid:…` in the text of `/etc/passwd`.
fn system_user(passwd: &str, name: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let [user, _, uid, gid, ..] = fields.as_slice() else { return None };
        if *user != name {
            return None;
        }
        Some(Account::System { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_user_by_its_whole_name() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\nmysqlx:x:7:8::/:/bin/false\nmysql:x:102:105:MySQL,,,:/nonexistent:/bin/false\n";
        assert_eq!(system_user(passwd, "mysql"), Some(Account::System { uid: 102, gid: 105 }));
        assert_eq!(system_user(passwd, "sql"), None);
    }
}
