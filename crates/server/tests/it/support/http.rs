//! HTTP/1.1 by hand: a test sees the bytes, and can send wrong ones.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::PATIENCE;

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {:?}", self.text()))
    }

    /// Code and reason of an error.
    pub fn error(&self) -> (String, String) {
        let json = self.json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&json["code"]), text(&json["details"][0]["debug"]["reason"]))
    }

    /// Asserts that the call was refused so.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str, reason: &str) {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert_eq!(self.error(), (code.to_owned(), reason.to_owned()), "{}", self.text());
    }
}

/// A request to be.
pub struct Request {
    head: String,
    body: Vec<u8>,
    length: bool,
}

pub fn request(verb: &str, path: &str) -> Request {
    Request {
        head: format!("{verb} {path} HTTP/1.1\r\nhost: basalt.test\r\n"),
        body: Vec::new(),
        length: true,
    }
}

pub fn get(path: &str) -> Request {
    request("GET", path)
}

/// A Connect call with JSON.
pub fn post(rpc: &str) -> Request {
    request("POST", &format!("/bytebase.v1.{rpc}")).header("content-type", "application/json")
}

impl Request {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    pub fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().to_vec();
        self
    }

    /// The body is not announced by its length; `bytes` has the chunks already.
    pub fn chunked(mut self) -> Self {
        self.length = false;
        self.header("transfer-encoding", "chunked")
    }

    pub fn bytes(self) -> Vec<u8> {
        let length = format!("content-length: {}\r\n", self.body.len());
        let mut bytes = self.head.into_bytes();
        if self.length {
            bytes.extend_from_slice(length.as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }

    pub async fn send(self, to: SocketAddr) -> Reply {
        send(to, &self.bytes()).await
    }

    /// Sends, and leaves the answer to be read piece by piece.
    pub async fn open(self, to: SocketAddr) -> Connection {
        let mut connection = Connection::open(to).await;
        connection.write(&self.bytes()).await;
        connection
    }
}

/// Sends these bytes on a connection of their own and reads one answer.
pub async fn send(to: SocketAddr, bytes: &[u8]) -> Reply {
    let mut connection = Connection::open(to).await;
    // A server may answer and hang up before it has read all.
    let (mut read, mut write) = connection.stream.get_mut().split();
    let reading = async {
        let mut reader = BufReader::new(&mut read);
        read_reply(&mut reader).await
    };
    let writing = async {
        let _refused_early = write.write_all(bytes).await;
        std::future::pending::<()>().await;
    };
    let reply = async {
        tokio::select! {
            reply = reading => reply,
            () = writing => unreachable!("writing never ends"),
        }
    };
    timeout(PATIENCE, reply).await.expect("an answer in time").expect("an answer")
}

/// One connection.
pub struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    pub async fn open(to: SocketAddr) -> Self {
        Self { stream: BufReader::new(TcpStream::connect(to).await.unwrap()) }
    }

    pub async fn write(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).await.unwrap();
    }

    pub async fn reply(&mut self) -> Reply {
        timeout(PATIENCE, read_reply(&mut self.stream)).await.expect("in time").expect("an answer")
    }

    /// The head of an answer whose body comes piece by piece.
    pub async fn head(&mut self) -> Reply {
        timeout(PATIENCE, read_head(&mut self.stream)).await.expect("in time").expect("a head")
    }

    /// The next frame of an event stream: its lines, without comments. `None` when the stream has ended.
    pub async fn frame(&mut self) -> Option<Vec<String>> {
        timeout(PATIENCE, async {
            loop {
                let chunk = read_chunk(&mut self.stream).await.ok().flatten()?;
                let text = String::from_utf8(chunk).unwrap();
                let lines: Vec<String> = text
                    .lines()
                    .filter(|line| !line.is_empty() && !line.starts_with(':'))
                    .map(str::to_owned)
                    .collect();
                if !lines.is_empty() {
                    return Some(lines);
                }
            }
        })
        .await
        .expect("a frame in time")
    }

    /// The next chunk of a body as it is.
    pub async fn chunk(&mut self) -> Option<Vec<u8>> {
        timeout(PATIENCE, read_chunk(&mut self.stream)).await.expect("in time").ok().flatten()
    }

    /// Waits until the server hangs up; what it said before.
    pub async fn closed(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        let read =
            timeout(PATIENCE, self.stream.read_to_end(&mut rest)).await.expect("hangs up in time");
        // A reset is a way to hang up.
        drop(read);
        rest
    }
}

type Reader<'r> = dyn tokio::io::AsyncBufRead + Unpin + Send + 'r;

async fn read_reply(from: &mut Reader<'_>) -> std::io::Result<Reply> {
    let mut reply = read_head(from).await?;
    if let Some(length) = reply.header("content-length") {
        let mut body = vec![0; length.parse().unwrap()];
        from.read_exact(&mut body).await?;
        reply.body = body;
    } else if reply.header("transfer-encoding") == Some("chunked") {
        while let Some(chunk) = read_chunk(from).await? {
            reply.body.extend(chunk);
        }
    }
    Ok(reply)
}

async fn read_head(from: &mut Reader<'_>) -> std::io::Result<Reply> {
    let status = read_line(from).await?;
    let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| std::io::Error::other("no status line"))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(from).await?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Ok(Reply { status, headers, body: Vec::new() })
}

async fn read_chunk(from: &mut Reader<'_>) -> std::io::Result<Option<Vec<u8>>> {
    let size = read_line(from).await?;
    let size = usize::from_str_radix(size.trim(), 16)
        .map_err(|e| std::io::Error::other(format!("chunk size {size:?}: {e}")))?;
    let mut chunk = vec![0; size + 2];
    from.read_exact(&mut chunk).await?;
    chunk.truncate(size);
    Ok((size > 0).then_some(chunk))
}

async fn read_line(from: &mut Reader<'_>) -> std::io::Result<String> {
    let mut line = String::new();
    from.read_line(&mut line).await?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
