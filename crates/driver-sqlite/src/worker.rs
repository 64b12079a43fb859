//! The thread that a connection lives on: SQLite blocks, and its connections do not like to move.

use std::sync::mpsc;
use std::thread;

use engine::{Failure, FailureKind};
use rusqlite::{Connection, InterruptHandle};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// Sends work to the thread. Dropping it interrupts what runs and ends the thread.
pub(crate) struct Worker {
    jobs: mpsc::Sender<Job>,
    interrupt: std::sync::Arc<InterruptHandle>,
    /// Answers when the connection has been closed.
    closed: Option<oneshot::Receiver<()>>,
}

impl Worker {
    /// Starts a thread and opens a connection on it.
    pub async fn start(
        open: impl FnOnce() -> Result<Connection, Failure> + Send + 'static,
    ) -> Result<Self, Failure> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let (opened, is_open) = oneshot::channel();
        let (closing, closed) = oneshot::channel();
        let body = move || {
            let conn = match open() {
                Ok(conn) => conn,
                Err(failure) => {
                    // Nobody waits any more when connecting was given up.
                    let _ = opened.send(Err(failure));
                    return;
                }
            };
            if opened.send(Ok(conn.get_interrupt_handle())).is_err() {
                return;
            }
            for job in inbox {
                job(&conn);
            }
            if let Err((_, error)) = conn.close() {
                tracing::warn!(%error, "an SQLite connection did not close");
            }
            let _ = closing.send(());
        };
        thread::Builder::new().name("sqlite".to_owned()).spawn(body).map_err(|e| {
            Failure::new(FailureKind::Server, format!("no thread for the session: {e}"))
        })?;
        let interrupt = is_open.await.map_err(|_| gone())??;
        Ok(Self { jobs, interrupt: std::sync::Arc::new(interrupt), closed: Some(closed) })
    }

    /// Runs `work` on the connection, after what was sent before.
    pub async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            // The caller may have been dropped; then nobody wants the answer.
            let _ = answer.send(work(conn));
        });
        self.jobs.send(job).map_err(|_| gone())?;
        answered.await.map_err(|_| gone())
    }

    pub fn interrupt(&self) -> std::sync::Arc<InterruptHandle> {
        std::sync::Arc::clone(&self.interrupt)
    }

    /// Waits until the file is closed.
    pub async fn close(mut self) {
        let closed = self.closed.take();
        drop(self);
        if let Some(closed) = closed
            && closed.await.is_err()
        {
            tracing::warn!("the thread of an SQLite session ended by a panic");
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // A statement that nobody waits for must not go on. When none runs, this does nothing.
        self.interrupt.interrupt();
    }
}

fn gone() -> Failure {
    Failure::new(FailureKind::Server, "the session has ended")
}
