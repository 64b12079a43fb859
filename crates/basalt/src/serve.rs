//! `basalt serve`: puts store, engines, use cases and transport together, and takes them apart in the reverse order.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use app::event::EventStream;
use app::outside::Outside;
use app::{App, Config, Cx};
use base::{Secret, System};
use engine::Outbound;
use integrations::chat::url::Allowed;
use integrations::http::Http;
use integrations::idp::Providers;
use server::rpc::live_log::LiveLog;
use tokio_util::sync::CancellationToken;

use crate::cli::{ServeArgs, StoreArgs};
use crate::{demo, engines, logging, store_options, version};

/// Time for runners to record what they were doing when the server stops.
const RUNNERS_GRACE: Duration = Duration::from_secs(25);

pub fn run(args: ServeArgs) -> Result<()> {
    logging::start(args.debug);
    let workers = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
    let result = runtime.block_on(serve(args));
    runtime.shutdown_timeout(Duration::from_secs(2));
    result
}

async fn serve(args: ServeArgs) -> Result<()> {
    #[cfg(feature = "test-hooks")]
    if let Some(plan) = &args.crash_at {
        app::hooks::plan(plan).map_err(|why| anyhow::anyhow!("--crash-at: {why}"))?;
    }
    let address = SocketAddr::new(args.host, args.port);
    // The port first: of two servers started by mistake the second says so before it touches anything.
    let listener = TcpListener::bind(address)
        .with_context(|| format!("cannot listen on {address}; choose another --port"))?;
    let address = listener.local_addr()?;
    let place = place(&args)?;
    let store = store::Db::open(store_options::of(&place)?).await?;
    let app = build(&args, &place, store, address).await?;
    app::workspace::bootstrap(&app).await?;
    if args.demo {
        let again = || {
            format!(
                "the sample data could not be made; remove {} and start again",
                place.data.display()
            )
        };
        demo::seed(&app, &place.data).await.with_context(again)?;
    }
    let stop = CancellationToken::new();
    let shutdown = stop.child_token();
    // Before anybody can know that the server is there, and so ask it to stop.
    stop_on_signal(shutdown.clone())?;
    let runners = (!args.readonly).then(|| app::runners::start(&app, &stop));
    say_hello(&app, &args, address).await?;

    let parts = parts(&app, &stop);
    let config = server::Config {
        readonly: args.readonly,
        external_url: args.external_url,
        ..server::Config::default()
    };
    let served = server::serve(listener, config, parts, shutdown).await;
    stop.cancel();
    if let Some(runners) = runners
        && tokio::time::timeout(RUNNERS_GRACE, runners.wait()).await.is_err()
    {
        tracing::warn!("background work did not end in time");
    }
    app.store.close().await;
    tracing::info!("stopped");
    Ok(served?)
}

/// Sample data lives in a folder of its own, so that it never mixes with real data.
fn place(args: &ServeArgs) -> Result<StoreArgs> {
    let data = std::path::absolute(&args.store.data).context("--data")?;
    if !args.demo {
        return Ok(StoreArgs { data, ..args.store.clone() });
    }
    if args.store.pg.is_some() {
        bail!("--demo keeps its sample data in a file of its own; leave --pg out");
    }
    Ok(StoreArgs { data: data.join("demo"), ..args.store.clone() })
}

async fn build(
    args: &ServeArgs,
    place: &StoreArgs,
    store: store::Db,
    address: SocketAddr,
) -> Result<Arc<App>> {
    let outbound = Outbound {
        own_store: own_store(place).await?,
        own_files: vec![place.data.clone(), std::path::absolute(&args.store.data)?],
    };
    let outside = Outside {
        http: Http::new(integrations::Outbound {
            own_store: outbound.own_store.clone(),
            allow_private: args.allow_private_outbound,
            ..integrations::Outbound::default()
        }),
        providers: Providers::default(),
        issuers: integrations::idp::Issuers::default(),
        webhooks: Allowed { hosts: args.webhook_host.clone(), http: args.allow_private_outbound },
        backoff: Duration::from_millis(args.retry_after),
    };
    let open_to_others = !address.ip().is_loopback();
    let setup_token = open_to_others.then(|| Secret::new(base::id::token(&System)));
    let token: String = base::id::token(&System).chars().take(8).collect();
    let config = Config {
        git_commit: version::commit().to_owned(),
        external_url: args.external_url.clone(),
        readonly: args.readonly,
        demo: args.demo,
        audit_stdout: args.audit_stdout,
        demo_users: if args.demo { demo::users() } else { Vec::new() },
        samples: Some(Arc::new(demo::Files { folder: place.data.join("samples") })),
        setup_token,
        // Process ids come again; a server that was restarted is another one.
        replica: format!("{}-{}-{}", hostname(), std::process::id(), token),
        lease: Duration::from_secs(args.lease),
        ..Config::default()
    };
    Ok(Arc::new(App {
        token_key: app::token_key::token_key(&store, &System).await?,
        store,
        engines: engines::registry(&outbound),
        clock: Arc::new(System),
        rng: Arc::new(System),
        config,
        syncs: app::sync::Budget::default(),
        connections: Arc::default(),
        outside,
    }))
}

/// The addresses of our own metadata, which nobody may register as an instance.
async fn own_store(place: &StoreArgs) -> Result<Vec<SocketAddr>> {
    let Some(url) = &place.pg else { return Ok(Vec::new()) };
    let (host, port) = store_options::host_and_port(url);
    let found = tokio::net::lookup_host((host.as_str(), port)).await;
    Ok(found.with_context(|| format!("cannot resolve {host} of --pg"))?.collect())
}

fn parts(app: &Arc<App>, stop: &CancellationToken) -> server::Parts {
    let about: Arc<app::actuator::Facts> = Arc::new(app::actuator::Facts(Arc::clone(app)));
    server::Parts {
        app: Arc::clone(app),
        gatekeeper: Arc::new(app::access::Keeper(Arc::clone(app))),
        registry: server::rpc::register(about.clone()),
        about,
        events: Arc::new(EventStream::start(app, stop)),
        logs: Arc::new(LiveLog(Arc::clone(app))),
        sheets: Arc::new(app::sheet::Uploads),
    }
}

/// One line with the address, and what a first visitor needs.
async fn say_hello(app: &Arc<App>, args: &ServeArgs, address: SocketAddr) -> Result<()> {
    let shown = if address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    };
    let kept = app.store.backend_title();
    tracing::info!(
        "basalt {} serves {shown} (metadata in {kept}{})",
        app.config.version,
        if args.readonly { ", read-only" } else { "" }
    );
    for user in &app.config.demo_users {
        tracing::info!("demo user {} with password {}", user.email, user.password);
    }
    let cx = Cx::system(app, "start");
    if let (Some(token), true) =
        (&app.config.setup_token, app::actuator::info(&cx).await?.bootstrap.needs_first_admin)
    {
        tracing::info!(
            "the first administrator signs up with this set-up token: {}",
            token.expose()
        );
    }
    Ok(())
}

/// Turns the signals of service managers and terminals into an orderly stop, from now on.
fn stop_on_signal(shutdown: CancellationToken) -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("cannot catch SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot catch SIGINT")?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: running calls and changes get time to end");
        shutdown.cancel();
    });
    Ok(())
}

fn hostname() -> String {
    let name = std::fs::read_to_string(Path::new("/proc/sys/kernel/hostname")).unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "host".to_owned() } else { name.to_owned() }
}
