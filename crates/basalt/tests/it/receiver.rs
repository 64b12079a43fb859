//! An HTTP server that takes down what is posted to it, and answers as a test says.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub use testkit::posted::Posted;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const PATIENCE: Duration = Duration::from_secs(60);

/// How it answers.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    Status(u16),
    /// Takes the request and says nothing.
    Silence,
    /// Somewhere else.
    Redirect(&'static str),
}

#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    seen: Arc<Mutex<Vec<Posted>>>,
    answer: Arc<Mutex<Answer>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let receiver =
            Self { url, seen: Arc::default(), answer: Arc::new(Mutex::new(Answer::Status(200))) };
        let own = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { own.serve(stream).await });
            }
        });
        receiver
    }

    pub fn answer(&self, answer: Answer) {
        *self.answer.lock().expect("no panic") = answer;
    }

    /// All that came so far.
    pub fn seen(&self) -> Vec<Posted> {
        self.seen.lock().expect("no panic").clone()
    }

    /// Waits until `n` have come; gives them.
    pub async fn wait(&self, n: usize) -> Vec<Posted> {
        let until = Instant::now() + PATIENCE;
        loop {
            let seen = self.seen();
            if seen.len() >= n {
                return seen;
            }
            assert!(Instant::now() < until, "{} of {n} came: {seen:?}", seen.len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn serve(&self, mut stream: TcpStream) {
        let Some(posted) = Posted::read(&mut stream).await else { return };
        self.seen.lock().expect("no panic").push(posted);
        let answer = *self.answer.lock().expect("no panic");
        let text = match answer {
            Answer::Status(status) => {
                format!("HTTP/1.1 {status} Said\r\ncontent-length: 13\r\n\r\nSECRET ANSWER")
            }
            Answer::Redirect(to) => {
                format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
            }
            Answer::Silence => {
                // Until the other side gives up.
                let mut rest = [0; 64];
                while stream.read(&mut rest).await.is_ok_and(|n| n > 0) {}
                return;
            }
        };
        // Who hung up needs no answer.
        let _ = stream.write_all(text.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}
