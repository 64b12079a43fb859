//! An SMTP server that takes down what is handed to it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// User and password, when somebody signed in.
    pub login: Option<(String, String)>,
    pub to: String,
    /// With headers, as it came.
    pub text: String,
}

#[derive(Clone)]
pub struct Sink {
    pub port: u16,
    taken: Arc<Mutex<Vec<Taken>>>,
    /// Answers AUTH with a refusal.
    refuses: Arc<Mutex<bool>>,
}

impl Sink {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let sink = Self { port, taken: Arc::default(), refuses: Arc::default() };
        let own = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { own.serve(stream).await });
            }
        });
        sink
    }

    pub fn refuse(&self, refuses: bool) {
        *self.refuses.lock().expect("no panic") = refuses;
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().expect("no panic").clone()
    }

    /// Waits until `n` mails have come.
    pub async fn wait(&self, n: usize) -> Vec<Taken> {
        let until = Instant::now() + PATIENCE;
        loop {
            let taken = self.taken();
            if taken.len() >= n {
                return taken;
            }
            assert!(Instant::now() < until, "{} of {n} mails: {taken:?}", taken.len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// One conversation; whoever hangs up ends it.
    async fn serve(&self, stream: TcpStream) -> Option<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut mail = Taken::default();
        write.write_all(b"220 sink\r\n").await.ok()?;
        while let Some(line) = lines.next_line().await.ok()? {
            let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
                "EHLO" => "250-sink\r\n250 AUTH PLAIN LOGIN",
                "AUTH" if *self.refuses.lock().expect("no panic") => "535 SECRET ANSWER",
                "AUTH" => {
                    let text = line.rsplit(' ').next().unwrap_or_default();
                    let plain = BASE64_STANDARD.decode(text).unwrap_or_default();
                    let plain = String::from_utf8_lossy(&plain).into_owned();
                    let mut parts = plain.split('\0').skip(1);
                    let user = parts.next().unwrap_or_default().to_owned();
                    mail.login = Some((user, parts.next().unwrap_or_default().to_owned()));
                    "235 in"
                }
                "RCPT" => {
                    line.clone_into(&mut mail.to);
                    "250 ok"
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.ok()?;
                    while let Some(line) = lines.next_line().await.ok()? {
                        if line == "." {
                            break;
                        }
                        mail.text += &format!("{}\n", line.strip_prefix('.').unwrap_or(&line));
                    }
                    let done = Taken { login: mail.login.clone(), ..std::mem::take(&mut mail) };
                    self.taken.lock().expect("no panic").push(done);
                    "250 taken"
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        }
        Some(())
    }
}
