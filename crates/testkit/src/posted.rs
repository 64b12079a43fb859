//! One HTTP request as a server of a test takes it down.

use serde_json::Value;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

#[derive(Debug, Clone)]
pub struct Posted {
    /// `POST`
    pub method: String,
    /// `/hook?timestamp=…`
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Posted {
    /// `None` when the other side hangs up before the request is whole.
    pub async fn read(stream: &mut TcpStream) -> Option<Self> {
        let (mut bytes, mut piece) = (Vec::new(), [0; 8192]);
        let head = loop {
            if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
                break at;
            }
            match stream.read(&mut piece).await {
                Ok(n) if n > 0 => bytes.extend_from_slice(&piece[..n]),
                _ => return None,
            }
        };
        let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
        let mut lines = text.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
        let headers: Vec<_> = lines
            .filter_map(|l| l.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let posted = Self { method, path, headers, body: Vec::new() };
        let length: usize = posted.header("content-length").parse().unwrap_or(0);
        while bytes.len() < head + 4 + length {
            match stream.read(&mut piece).await {
                Ok(n) if n > 0 => bytes.extend_from_slice(&piece[..n]),
                _ => return None,
            }
        }
        Some(Self { body: bytes[head + 4..head + 4 + length].to_vec(), ..posted })
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// Empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }
}
