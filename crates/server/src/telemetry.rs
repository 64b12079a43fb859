//! Figures about the server for Prometheus: rpcs by method and code, how long they take, how many are in flight; and what
//! `app::figures` tells of task runs.

use std::sync::OnceLock;
use std::time::Instant;

use base::Code;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::process;

const REQUESTS: &str = "basalt_rpc_requests_total";
const DURATION: &str = "basalt_rpc_duration_seconds";
const IN_FLIGHT: &str = "basalt_rpc_in_flight";

/// Upper bounds of the buckets for durations, in seconds: from a cached read to a sync of a large database.
const BUCKETS: [f64; 12] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 300.0];

/// Installs the recorder of this process; later calls give the same one.
pub fn install() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
            .expect("the list of buckets is not empty")
            .build_recorder();
        let handle = recorder.handle();
        // A recorder that the program has set before us wins; ours then shows nothing, which is said.
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another metrics recorder is installed: /metrics will be empty");
        }
        describe();
        handle
    })
}

/// The text of /metrics.
pub fn render() -> String {
    if let Some(usage) = process::usage() {
        metrics::gauge!("process_resident_memory_bytes").set(usage.resident_bytes as f64);
        metrics::counter!("process_cpu_milliseconds_total").absolute(usage.cpu_millis);
        metrics::gauge!("process_open_fds").set(usage.open_files as f64);
    }
    let handle = install();
    handle.run_upkeep();
    handle.render()
}

fn describe() {
    app::figures::describe();
    metrics::describe_counter!(REQUESTS, "Calls of rpcs, by method and Connect code");
    metrics::describe_histogram!(DURATION, "Time from first byte of a call to its answer");
    metrics::describe_gauge!(IN_FLIGHT, "Calls that are running");
    metrics::describe_gauge!("process_resident_memory_bytes", "Memory held by this process");
    metrics::describe_counter!("process_cpu_milliseconds_total", "Processor time used");
    metrics::describe_gauge!("process_open_fds", "Open files and sockets");
}

/// One call in flight; counts itself when it is dropped.
pub struct Flight {
    method: &'static str,
    start: Instant,
    code: &'static str,
}

impl Flight {
    pub fn start(method: &'static str) -> Self {
        metrics::gauge!(IN_FLIGHT).increment(1.0);
        // A client that goes away drops the call before there is an answer.
        Self { method, start: Instant::now(), code: Code::Canceled.as_str() }
    }

    pub fn succeed(&mut self) {
        self.code = "ok";
    }

    pub fn fail(&mut self, code: Code) {
        self.code = code.as_str();
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        metrics::gauge!(IN_FLIGHT).decrement(1.0);
        metrics::counter!(REQUESTS, "method" => self.method, "code" => self.code).increment(1);
        metrics::histogram!(DURATION, "method" => self.method)
            .record(self.start.elapsed().as_secs_f64());
    }
}
