//! What this process uses of the machine, as Linux tells in /proc. Elsewhere there is no answer.

use std::fs;

/// Ticks of /proc/self/stat in a second: fixed in the kernel's interface on the platforms we build for.
const TICKS_PER_SECOND: u64 = 100;

pub struct Usage {
    pub resident_bytes: u64,
    pub cpu_millis: u64,
    pub open_files: usize,
}

pub fn usage() -> Option<Usage> {
    Some(Usage {
        resident_bytes: resident(&fs::read_to_string("/proc/self/status").ok()?)?,
        cpu_millis: cpu(&fs::read_to_string("/proc/self/stat").ok()?)?,
        open_files: fs::read_dir("/proc/self/fd").ok()?.count(),
    })
}

/// `VmRSS:     12345 kB`
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Fields 14 and 15: time in user and kernel mode. The name in field 2 may hold spaces and ends with the last `)`.
fn cpu(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let kernel: u64 = fields.next()?.parse().ok()?;
    Some((user + kernel) * (1000 / TICKS_PER_SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_linux_writes() {
        assert_eq!(resident("Name:\tbasalt\nVmRSS:\t   2048 kB\n"), Some(2 << 20));
        let stat = "7 (a) b) S 1 7 7 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 8 0 1 2 3";
        assert_eq!(cpu(stat), Some(2000));
        assert_eq!(cpu("garbage"), None);
    }
}
