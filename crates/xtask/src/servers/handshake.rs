//! The first packet of a MySQL-family server: proof that it takes connections, and its version.
//!
//! Both families run `--init-file` before they accept, so a handshake also means that our user exists.
//! Format: 3 bytes length, 1 byte sequence, then protocol version 10 and a NUL-terminated version text.

use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::Result;

const LIMIT: Duration = Duration::from_secs(2);

/// The version the server at `port` announces; `None` while it does not take connections.
pub fn version(port: u16) -> Result<Option<String>> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let Ok(mut stream) = TcpStream::connect_timeout(&address, LIMIT) else { return Ok(None) };
    stream.set_read_timeout(Some(LIMIT))?;
    let mut header = [0; 4];
    if stream.read_exact(&mut header).is_err() {
        return Ok(None);
    }
    let length =
        usize::from(header[0]) | usize::from(header[1]) << 8 | usize::from(header[2]) << 16;
    let mut payload = vec![0; length];
    if stream.read_exact(&mut payload).is_err() {
        return Ok(None);
    }
    Ok(parse(&payload))
}

fn parse(payload: &[u8]) -> Option<String> {
    let (&10, rest) = payload.split_first()? else { return None };
    let text = rest.split(|&byte| byte == 0).next()?;
    let text = String::from_utf8_lossy(text);
    // MariaDB before 11 puts 5.5.5- in front, for replicas that knew no two-digit major version.
    Some(text.strip_prefix("5.5.5-").unwrap_or(&text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_families_and_refuses_errors() {
        assert_eq!(parse(b"\x0a5.5.5-10.11.19-MariaDB\0rest").as_deref(), Some("10.11.19-MariaDB"));
        assert_eq!(parse(b"\x0a9.7.4\0").as_deref(), Some("9.7.4"));
        assert_eq!(parse(b"\xff\x69\x04Too many connections"), None);
        assert_eq!(parse(b""), None);
    }
}
