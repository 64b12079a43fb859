//! Debian packages: installed on the machine, or unpacked aside from another suite.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::account::is_root;
use super::process;

const APT: [&str; 8] = [
    "-qq",
    "-y",
    "-o",
    "DPkg::Lock::Timeout=300",
    "-o",
    "Acquire::http::Timeout=30",
    "-o",
    "Acquire::Retries=2",
];

/// Makes sure that `program` is there, from the Debian package `package`, and that the service which the
/// package may have started, known by its pid file, does not run: tests have their own. Without root it
/// says what to run instead.
pub fn ensure(program: &Path, package: &str, pid_file: &str) -> Result<()> {
    if program.exists() {
        return Ok(());
    }
    if !is_root()? {
        bail!(
            "{} is missing: sudo apt-get install --no-install-recommends {package}",
            program.display()
        );
    }
    println!("installing {package}");
    process::run(apt_get().arg("update")).context("cannot read Debian's package lists")?;
    process::run(apt_get().args(["install", "--no-install-recommends", package]))
        .with_context(|| format!("cannot install {package}"))?;
    // RUNLEVEL=1 asks the maintainer scripts not to start it, but a machine with systemd does not listen.
    // By pid, because `service mariadb stop` may resort to killall, and other servers of ours may run.
    if let Ok(text) = fs::read_to_string(pid_file)
        && let Some(pid) = text.lines().next().and_then(|line| line.trim().parse().ok())
    {
        process::stop(pid, || Path::new("/proc").join(pid.to_string()).exists())
            .with_context(|| format!("cannot stop the service that {package} started"))?;
    }
    if !program.exists() {
        bail!("{package} is installed but {} is not there", program.display());
    }
    Ok(())
}

/// Downloads `package` of Debian `suite` with all it depends on into `dir`, apart from the machine's own
/// packages, and gives the `.deb` files. They are kept and reused: a suite like sid moves on.
pub fn download(suite: &str, package: &str, dir: &Path) -> Result<Vec<PathBuf>> {
    let archives = dir.join("debs");
    let complete = archives.join(".complete");
    if !complete.exists() {
        let state = dir.join("apt");
        for sub in
            ["var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "etc/apt/preferences.d"]
        {
            fs::create_dir_all(state.join(sub))?;
        }
        let status = state.join("status");
        fs::write(&status, "")?;
        let sources = state.join("etc/apt/sources.list");
        fs::write(
            &sources,
            format!(
                "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {} {suite} main\n",
                mirror()?
            ),
        )?;
        fs::create_dir_all(archives.join("partial"))?;
        let apart = || {
            let mut command = apt_get();
            // An apt of its own below `state`, with no package installed, that also works without root.
            for (key, path) in [
                ("Dir", &state),
                ("Dir::State::status", &status),
                ("Dir::Cache::archives", &archives),
            ] {
                command.arg("-o").arg(format!("{key}={}", path.display()));
            }
            command.args([
                "-o",
                "Debug::NoLocking=1",
                "-o",
                "APT::Sandbox::User=",
                "-o",
                "Acquire::Languages=none",
            ]);
            command
        };
        process::run(apart().arg("update"))
            .with_context(|| format!("cannot read the package list of Debian {suite}"))?;
        process::run(apart().args([
            "install",
            "--no-install-recommends",
            "--download-only",
            package,
        ]))
        .with_context(|| format!("cannot download {package} of Debian {suite}"))?;
        fs::remove_dir_all(&state)?;
        fs::write(&complete, package)?;
    }
    let mut debs = Vec::new();
    for entry in fs::read_dir(&archives)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            debs.push(path);
        }
    }
    debs.sort();
    Ok(debs)
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.args(APT).env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
    command
}

/// The Debian mirror this machine uses.
fn mirror() -> Result<String> {
    let mut texts = Vec::new();
    if let Ok(text) = fs::read_to_string("/etc/apt/sources.list") {
        texts.push(text);
    }
    let dir = Path::new("/etc/apt/sources.list.d");
    if dir.is_dir() {
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "sources" || extension == "list")
            {
                texts.push(fs::read_to_string(path)?);
            }
        }
    }
    texts
        .iter()
        .find_map(|text| mirror_in(text))
        .context("no Debian mirror in /etc/apt/sources.list or sources.list.d")
}

/// The first mirror that carries whole suites: its path ends in `/debian`, a security archive's does not.
fn mirror_in(text: &str) -> Option<String> {
    text.lines().filter(|line| line.starts_with("URIs:") || line.starts_with("deb ")).find_map(
        |line| {
            line.split_whitespace()
                .find(|word| {
                    word.starts_with("http") && word.trim_end_matches('/').ends_with("/debian")
                })
                .map(str::to_owned)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_mirror_in_both_notations() {
        let deb822 = "Types: deb\n# http://snapshot.example/debian\nURIs: http://mirror.example/debian\nSuites: bookworm\n";
        assert_eq!(mirror_in(deb822).as_deref(), Some("http://mirror.example/debian"));
        let lines = "# deb http://no.example/debian x\ndeb http://sec.example/debian-security s main\ndeb [arch=amd64] https://m.example/debian/ bookworm main\n";
        assert_eq!(mirror_in(lines).as_deref(), Some("https://m.example/debian/"));
        assert_eq!(mirror_in("deb https://apt.example/node nodistro main"), None);
    }
}
