//! MySQL 9.7 LTS: Debian carries it in sid only, so its packages are unpacked aside with their own libc.
//!
//! The machine's own packages are not touched: the server is started through the unpacked dynamic loader and
//! finds its libraries beside it. The packages stay in the cache folder. Administrator `basalt` / `basalt`
//! by `caching_sha2_password`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::account::Account;
use super::mariadb::{PASSWORD, USER, common_args, init_file};
use super::place::{Home, Place, program_cache};
use super::record::Record;
use super::{apt, handshake, process};
use crate::paths;

const SUITE: &str = "sid";
const PACKAGE: &str = "mysql-server-core";
const NAME: &str = "mysql97";

pub fn start(place: &Place) -> Result<Record> {
    let account = Account::choose(&["mysql", "nobody"])?;
    let program = Program::unpacked(account)?;
    let home = place.home(account)?;
    process::run(program.command(&home).arg("--initialize-insecure"))?;
    let init = init_file(&home)?;
    let command = |port: u16| {
        let mut command = program.command(&home);
        command.args(common_args(&home, port, place.durable).into_iter().skip(1));
        command.arg(format!("--init-file={}", init.display())).arg("--mysqlx=OFF");
        command
    };
    let (port, pid, version) = process::start(&home.log, command, handshake::version)?;
    if !version.starts_with("9.") {
        process::stop(pid, || Path::new(&format!("/proc/{pid}")).exists())?;
        bail!("Debian {SUITE} now carries MySQL {version}");
    }
    Ok(home.record("mysql", USER, PASSWORD, port, pid, version))
}

/// The unpacked tree.
struct Program {
    root: PathBuf,
    libraries: PathBuf,
    loader: PathBuf,
}

impl Program {
    fn unpacked(account: Account) -> Result<Self> {
        let root = program_cache(account, NAME)?.join("root");
        let complete = root.join(".complete");
        if !complete.exists() {
            println!(
                "{NAME}: fetching {PACKAGE} from Debian {SUITE}, kept in {}",
                paths::cache_dir().display()
            );
            let debs = apt::download(SUITE, PACKAGE, &paths::cache_dir().join(NAME))?;
            fs::create_dir_all(&root)?;
            for deb in debs.iter().filter(|deb| is_needed(deb)) {
                process::run(Command::new("dpkg-deb").arg("--extract").arg(deb).arg(&root))?;
            }
            fs::write(&complete, "")?;
        }
        let libraries = root.join(format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH));
        let loader = fs::read_dir(&libraries)
            .with_context(|| format!("cannot read {}", libraries.display()))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| {
                path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("ld-linux"))
            })
            .with_context(|| format!("no dynamic loader in {}", libraries.display()))?;
        Ok(Self { root, libraries, loader })
    }

    /// The server with the options that say where its parts lie; `--no-defaults` comes first.
    fn command(&self, home: &Home) -> Command {
        let usr = self.root.join("usr");
        let mut command = home.account.command(&self.loader, &home.dir);
        let (libraries, private) = (self.libraries.display(), self.libraries.join("mysql/private"));
        command.arg("--library-path").arg(format!("{libraries}:{}", private.display()));
        command.arg(usr.join("sbin/mysqld")).arg("--no-defaults");
        for (option, path) in [
            ("datadir", home.data.clone()),
            ("basedir", usr.clone()),
            ("lc-messages-dir", usr.join("share/mysql")),
            ("character-sets-dir", usr.join("share/mysql/charsets")),
            ("plugin-dir", usr.join("lib/mysql/plugin")),
        ] {
            command.arg(format!("--{option}={}", path.display()));
        }
        command.arg("--secure-file-priv=NULL");
        command
    }
}

/// Of all that apt brings along, the server needs itself and libraries; not perl, dpkg, systemd.
fn is_needed(deb: &Path) -> bool {
    let name = deb.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("mysql") || (name.starts_with("lib") && !name.starts_with("libperl"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpacks_the_server_and_its_libraries_only() {
        let needed = |name: &str| is_needed(Path::new("/c/debs").join(name).as_path());
        assert!(needed("mysql-server-core_9.7.4-2_amd64.deb") && needed("libc6_2.42_amd64.deb"));
        assert!(
            !needed("perl-base_5.40_amd64.deb")
                && !needed("libperl5.40_5.40_amd64.deb")
                && !needed("dpkg_1.23_amd64.deb")
        );
    }
}
