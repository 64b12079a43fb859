//! Instances and their data sources, from making to purging.

use app::filter::Ask;
use app::instance::{self, InstanceChange, InstanceView, NewInstance, SourceInput};
use base::{EngineKind, Reason};
use store::rows::{
    DataSource, DataSourceKind, DataSourceSecrets, InstancePayload, SshTunnel, State,
};

use crate::support::{World, folder};

/// An instance nobody connects to.
fn distant() -> NewInstance {
    let admin = SourceInput {
        source: DataSource {
            id: "admin".into(),
            kind: DataSourceKind::Admin,
            username: "app".into(),
            host: "db.invalid".into(),
            use_ssl: true,
            ssh: Some(SshTunnel {
                host: "jump.invalid".into(),
                user: "ops".into(),
                ..SshTunnel::default()
            }),
            ..DataSource::default()
        },
        secrets: DataSourceSecrets {
            password: "hunter2-password".into(),
            ssl_ca: "hunter2-ca".into(),
            ssl_cert: "hunter2-cert".into(),
            ssl_key: "hunter2-key".into(),
            ssh_password: "hunter2-ssh".into(),
            ssh_private_key: "hunter2-private".into(),
        },
    };
    NewInstance {
        title: "Distant".into(),
        engine: Some(EngineKind::Postgres),
        environment: Some("prod".into()),
        labels: Default::default(),
        payload: InstancePayload::default(),
        sources: vec![admin],
    }
}

fn reader(id: &str) -> SourceInput {
    let source = DataSource {
        id: id.into(),
        kind: DataSourceKind::ReadOnly,
        host: "replica.invalid".into(),
        ..DataSource::default()
    };
    let secrets =
        DataSourceSecrets { password: "hunter2-reader".into(), ..DataSourceSecrets::default() };
    SourceInput { source, secrets }
}

fn change(new: NewInstance, mask: &[&str]) -> InstanceChange {
    let mask = mask.iter().map(|m| (*m).to_owned()).collect();
    InstanceChange { name: "instances/far".into(), new, mask, allow_missing: false }
}

async fn stored_secrets(world: &World, source: &str) -> DataSourceSecrets {
    let mut conn = world.app.store.read().await.unwrap();
    store::instances::secrets(&mut conn, "far").await.unwrap().remove(source).unwrap_or_default()
}

#[tokio::test]
async fn secrets_go_in_encrypted_and_never_come_out() {
    let world = World::start().await;
    let cx = world.cx();
    let seen = |view: &InstanceView| assert!(!format!("{view:?}").contains("hunter2"), "{view:?}");
    seen(&instance::create(&cx, "", "far", distant(), false).await.unwrap());
    let view = instance::get(&cx, "instances/far").await.unwrap();
    seen(&view);
    for field in ["password", "ssl_ca", "ssl_cert", "ssl_key", "ssh_password", "ssh_private_key"] {
        let path = format!("data_source/admin/{field}");
        assert!(view.secrets.contains(&path), "{path} of {:?}", view.secrets);
    }
    seen(&instance::add_source(&cx, "instances/far", reader("ro"), false).await.unwrap());
    seen(&instance::list(&cx, "", &Ask::default()).await.unwrap().items[0]);
    assert_eq!(stored_secrets(&world, "admin").await.password.expose(), "hunter2-password");
    world.app.store.close().await;
    for entry in std::fs::read_dir(world.dir.path().join("data")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(7).any(|w| w == b"hunter2"), "a secret rests in the clear");
    }
}

#[tokio::test]
async fn mistakes_are_told_together_and_nothing_is_stored() {
    let world = World::start().await;
    let cx = world.cx();
    let mut new = distant();
    new.title = String::new();
    new.environment = Some("nosuch".into());
    new.sources[0].source.host = "x?sslmode=disable".into();
    new.sources.push(new.sources[0].clone());
    let error = instance::create(&cx, "", "far", new, false).await.unwrap_err();
    let fields: Vec<_> = error.field_violations().iter().map(|v| v.field.as_str()).collect();
    let expected = [
        "instance.title",
        "instance.environment",
        "instance.data_sources[0].host",
        "instance.data_sources[1].id",
        "instance.data_sources[1].host",
        "instance.data_sources",
    ];
    assert_eq!(fields, expected);
    for id in ["", "Far", "a_b", "-"] {
        let error = instance::create(&cx, "", id, distant(), false).await.unwrap_err();
        assert_eq!(error.field_violations()[0].field, "instance_id", "{id}");
    }
    let mut unknown = distant();
    unknown.engine = Some(EngineKind::Oracle);
    let error = instance::create(&cx, "", "far", unknown, false).await.unwrap_err();
    assert_eq!(error.reason(), Reason::EngineUnsupported);
    assert_eq!(
        instance::get(&cx, "instances/far").await.unwrap_err().reason(),
        Reason::ResourceNotFound
    );
    instance::create(&cx, "", "far", distant(), false).await.unwrap();
    let again = instance::create(&cx, "", "far", distant(), false).await.unwrap_err();
    assert_eq!(again.reason(), Reason::ResourceExists);
}

#[tokio::test]
async fn an_update_changes_what_its_mask_names_and_keeps_secrets() {
    let world = World::start().await;
    let cx = world.cx();
    instance::create(&cx, "", "far", distant(), false).await.unwrap();
    let mut new = distant();
    new.title = "Near".into();
    new.environment = None;
    let view = instance::update(&cx, change(new, &["title"])).await.unwrap();
    assert_eq!(
        (view.instance.title.as_str(), view.instance.environment.as_deref()),
        ("Near", Some("prod"))
    );

    // A list of data sources without secrets keeps those that are stored; a data source that is left out goes with its own.
    instance::add_source(&cx, "instances/far", reader("ro"), false).await.unwrap();
    assert_eq!(stored_secrets(&world, "ro").await.password.expose(), "hunter2-reader");
    let mut new = distant();
    new.sources[0].secrets =
        DataSourceSecrets { ssl_ca: "other".into(), ..DataSourceSecrets::default() };
    let view = instance::update(&cx, change(new, &["data_sources"])).await.unwrap();
    assert_eq!(view.instance.payload.data_sources.len(), 1);
    let kept = stored_secrets(&world, "admin").await;
    assert_eq!(
        (kept.password.expose().as_str(), kept.ssl_ca.expose().as_str()),
        ("hunter2-password", "other")
    );
    assert!(stored_secrets(&world, "ro").await.password.is_empty());

    for mask in [&["engine"][..], &["state"], &["*"], &[]] {
        let error = instance::update(&cx, change(distant(), mask)).await.unwrap_err();
        assert_eq!(error.field_violations()[0].field, "update_mask", "{mask:?}");
    }
}

#[tokio::test]
async fn data_sources_come_and_go_but_the_admin_stays() {
    let world = World::start().await;
    let cx = world.cx();
    let name = "instances/far";
    instance::create(&cx, "", "far", distant(), false).await.unwrap();
    let second_admin = SourceInput {
        source: DataSource { id: "two".into(), ..distant().sources[0].source.clone() },
        ..reader("two")
    };
    let error = instance::add_source(&cx, name, second_admin, false).await.unwrap_err();
    assert_eq!(error.field_violations()[0].field, "data_source.type");
    let error = instance::remove_source(&cx, name, "admin").await.unwrap_err();
    assert_eq!(error.field_violations()[0].field, "data_source.id");
    instance::add_source(&cx, name, reader("ro"), false).await.unwrap();
    let error = instance::add_source(&cx, name, reader("ro"), false).await.unwrap_err();
    assert_eq!(error.reason(), Reason::ResourceExists);

    // An empty password is the stored one, unless the mask names it.
    let edit = || SourceInput { secrets: DataSourceSecrets::default(), ..reader("ro") };
    instance::update_source(&cx, name, edit(), None, false, false).await.unwrap();
    assert_eq!(stored_secrets(&world, "ro").await.password.expose(), "hunter2-reader");
    let mask = ["password".to_owned()];
    instance::update_source(&cx, name, edit(), Some(&mask), false, false).await.unwrap();
    assert!(stored_secrets(&world, "ro").await.password.is_empty());

    let missing =
        instance::update_source(&cx, name, reader("new"), None, false, false).await.unwrap_err();
    assert_eq!(missing.reason(), Reason::ResourceNotFound);
    let view = instance::update_source(&cx, name, reader("new"), None, false, true).await.unwrap();
    assert_eq!(view.instance.payload.data_sources.len(), 3);
    let view = instance::remove_source(&cx, name, "ro").await.unwrap();
    assert_eq!(view.instance.payload.data_sources.len(), 2);
}

#[tokio::test]
async fn deleting_is_soft_then_final() {
    let world = World::start().await;
    let cx = world.cx();
    world.project("shop", "ann@example.com").await;
    let files = world.dir.path().join("files");
    std::fs::create_dir(&files).unwrap();
    instance::create(&cx, "", "files", folder(&files), false).await.unwrap();
    make_sqlite(&world, "shop").await;
    instance::sync(&cx, "instances/files", false).await.unwrap();
    let mine = app::database::DatabaseChange {
        name: "instances/files/databases/shop".into(),
        project: "projects/shop".into(),
        mask: vec!["project".into()],
        ..Default::default()
    };
    app::database::update(&cx, mine).await.unwrap();

    let blocked = instance::delete(&cx, "instances/files", false, false).await.unwrap_err();
    assert_eq!(blocked.blockers()[0].subject, "instances/files/databases/shop");
    let early = instance::delete(&cx, "instances/files", true, true).await.unwrap_err();
    assert_eq!(early.blockers()[0].reason, "NOT_DELETED");
    instance::delete(&cx, "instances/files", true, false).await.unwrap();

    assert_eq!(instance::get(&cx, "instances/files").await.unwrap().instance.state, State::Deleted);
    assert!(instance::list(&cx, "", &Ask::default()).await.unwrap().items.is_empty());
    let deleted = Ask { show_deleted: true, ..Ask::default() };
    assert_eq!(instance::list(&cx, "", &deleted).await.unwrap().items.len(), 1);
    let list = app::database::list(&cx, "projects/shop", &Ask::default()).await.unwrap();
    assert!(list.items.is_empty(), "databases of a deleted instance are not shown");
    for refused in [
        instance::sync(&cx, "instances/files", false).await.unwrap_err(),
        app::database::sync(&cx, "instances/files/databases/shop").await.unwrap_err(),
        instance::delete(&cx, "instances/files", true, false).await.unwrap_err(),
    ] {
        assert_eq!(refused.reason(), Reason::ResourceDeleted);
        assert!(refused.message().contains("instances/files"), "{refused}");
    }

    instance::undelete(&cx, "instances/files").await.unwrap();
    let back = app::database::list(&cx, "projects/shop", &Ask::default()).await.unwrap();
    assert_eq!(back.items.len(), 1, "undeleting brings the databases back where they were");
    instance::delete(&cx, "instances/files", true, false).await.unwrap();
    instance::delete(&cx, "instances/files", false, true).await.unwrap();
    assert_eq!(
        instance::get(&cx, "instances/files").await.unwrap_err().reason(),
        Reason::ResourceNotFound
    );
    assert!(world.database("files", "shop").await.is_none());
}

#[tokio::test]
async fn lists_are_filtered_and_ordered() {
    let world = World::start().await;
    let cx = world.cx();
    for (id, title, environment) in
        [("b", "Beta", Some("test")), ("a", "Alpha", Some("prod")), ("c", "Gamma", None)]
    {
        let mut new = distant();
        new.title = title.into();
        new.environment = environment.map(str::to_owned);
        instance::create(&cx, "", id, new, false).await.unwrap();
    }
    let ids = async |filter: &str, order_by: &str| -> Vec<String> {
        let ask = Ask { filter: filter.into(), order_by: order_by.into(), ..Ask::default() };
        instance::list(&cx, "", &ask)
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|i| i.instance.id)
            .collect()
    };
    assert_eq!(ids("", "title desc").await, ["c", "b", "a"]);
    assert_eq!(ids(r#"environment == "environments/prod""#, "").await, ["a"]);
    assert_eq!(ids(r#"name.contains("ET") || resource_id == "c""#, "").await, ["b", "c"]);
    assert_eq!(ids(r#"engine in ["POSTGRES"] && host == "db.invalid""#, "").await.len(), 3);
    assert_eq!(ids(r#"engine != "POSTGRES""#, "").await, Vec::<String>::new());
    for bad in [r#"engine == "nosuch""#, r#"nosuch == "x""#, "name =="] {
        let ask = Ask { filter: bad.into(), ..Ask::default() };
        assert_eq!(
            instance::list(&cx, "", &ask).await.unwrap_err().reason(),
            Reason::InvalidFilter,
            "{bad}"
        );
    }
}

/// Makes a SQLite database in the instance `files`.
async fn make_sqlite(world: &World, name: &str) {
    let stored = instance::get(&world.cx(), "instances/files").await.unwrap().instance;
    let target =
        app::target::resolve(&world.app, &stored, DataSourceKind::Admin, None).await.unwrap();
    let mut session = world.app.engines.get(stored.engine).unwrap().connect(&target).await.unwrap();
    session.statement(&format!("CREATE DATABASE \"{name}\"")).await.unwrap();
    session.close().await;
}
