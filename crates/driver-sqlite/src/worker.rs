//! The thread that a connection lives on: SQLite blocks, and its connections do not like to move.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use engine::{Failure, FailureKind};
use rusqlite::{Connection, InterruptHandle};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// Sends work to the thread. Dropping it interrupts what runs and ends the thread.
pub(crate) struct Worker {
    jobs: mpsc::Sender<Job>,
    interrupt: Arc<InterruptHandle>,
    /// Set from outside: the thread ends instead of taking more work.
    stopped: Arc<AtomicBool>,
    /// Answers when the connection has been closed.
    closed: Option<oneshot::Receiver<()>>,
}

impl Worker {
    /// Starts a thread and opens a connection on it. `at_end` runs when the connection has been closed.
    pub async fn start(
        open: impl FnOnce() -> Result<Connection, Failure> + Send + 'static,
        at_end: impl FnOnce() + Send + 'static,
    ) -> Result<Self, Failure> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let (opened, is_open) = oneshot::channel();
        let (closing, closed) = oneshot::channel();
        let stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopped);
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
                if stop.load(Ordering::Acquire) {
                    break;
                }
                job(&conn);
            }
            if let Err((_, error)) = conn.close() {
                tracing::warn!(%error, "an SQLite connection did not close");
            }
            at_end();
            let _ = closing.send(());
        };
        thread::Builder::new().name("sqlite".to_owned()).spawn(body).map_err(|e| {
            Failure::new(FailureKind::Server, format!("no thread for the session: {e}"))
        })?;
        let interrupt = is_open.await.map_err(|_| gone())??;
        Ok(Self { jobs, interrupt: Arc::new(interrupt), stopped, closed: Some(closed) })
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

    pub fn interrupt(&self) -> Arc<InterruptHandle> {
        Arc::clone(&self.interrupt)
    }

    pub fn stopper(&self) -> Stopper {
        Stopper {
            wake: self.jobs.clone(),
            interrupt: Arc::clone(&self.interrupt),
            stopped: Arc::clone(&self.stopped),
        }
    }

    /// It was ended from outside.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
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

/// Ends a session from outside. While one is kept, the session's own end does not end its thread.
#[derive(Clone)]
pub(crate) struct Stopper {
    wake: mpsc::Sender<Job>,
    interrupt: Arc<InterruptHandle>,
    stopped: Arc<AtomicBool>,
}

impl Stopper {
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        self.interrupt.interrupt();
        // An idle thread looks when work comes. When it has ended, that is what was wanted.
        let _ = self.wake.send(Box::new(|_| ()));
    }
}

fn gone() -> Failure {
    Failure::new(FailureKind::Server, "the session has ended")
}
