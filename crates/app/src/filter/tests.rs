//! What clients send, what hostile callers send, and the bounds of both.

use store::Field;

use super::*;

const VARS: &[Var] = &[
    Var { name: "name", is: Is::Text },
    Var { name: "resource_id", is: Is::Id },
    Var { name: "state", is: Is::Word(&["ACTIVE", "DELETED"]) },
    Var { name: "project", is: Is::Name("projects/") },
    Var { name: "exclude_default", is: Is::Flag },
    Var { name: "size", is: Is::Number },
    Var { name: "create_time", is: Is::Time },
    Var { name: "labels", is: Is::Labels },
];

/// The filter in one line.
fn show(text: &str) -> String {
    fn expr(e: &Expr) -> String {
        let all = |parts: &[Expr]| parts.iter().map(expr).collect::<Vec<_>>().join(" ");
        match e {
            Expr::And(parts) => format!("(and {})", all(parts)),
            Expr::Or(parts) => format!("(or {})", all(parts)),
            Expr::Not(part) => format!("(not {})", expr(part)),
            Expr::Test(t) => format!("[{} {:?} {:?}]", t.path.join("."), t.op, t.values),
        }
    }
    match filter(text, VARS) {
        Ok(None) => "all".to_owned(),
        Ok(Some(e)) => expr(&e),
        Err(e) => {
            assert_eq!(e.reason(), Reason::InvalidFilter);
            format!("ERROR {}", e.message())
        }
    }
}

#[test]
fn what_clients_send() {
    for (text, shown) in [
        ("", "all"),
        (" \n", "all"),
        ("name.contains(\"x\")", "[name Contains [Text(\"x\")]]"),
        ("name.matches(\"x\")", "[name Contains [Text(\"x\")]]"),
        (
            "state == \"DELETED\" && !(resource_id in [\"a\", 'b',])",
            "(and [state Equal [Text(\"DELETED\")]] (not [resource_id In [Text(\"a\"), Text(\"b\")]]))",
        ),
        ("project == \"projects/shop\"", "[project Equal [Text(\"shop\")]]"),
        (
            "labels.team == \"a\" || labels[\"cost-centre\"] in ['1']",
            "(or [labels.team Equal [Text(\"a\")]] [labels.cost-centre In [Text(\"1\")]])",
        ),
        ("label == \"team:a:b\"", "[labels.team Equal [Text(\"a:b\")]]"),
        ("exclude_default", "[exclude_default Equal [Flag(true)]]"),
        ("exclude_default == true", "[exclude_default Equal [Flag(true)]]"),
        ("size >= -5 && size < 7", "(and [size AtLeast [Number(-5)]] [size Below [Number(7)]])"),
        (
            "create_time >= timestamp(\"1970-01-01T00:00:01Z\")",
            "[create_time AtLeast [Time(Time(1000000))]]",
        ),
        ("create_time <= \"1970-01-01T00:00:01Z\"", "[create_time AtMost [Time(Time(1000000))]]"),
        (
            r#"name == "é\n\u0041\"" || name == r'\d'"#,
            r#"(or [name Equal [Text("é\nA\"")]] [name Equal [Text("\\d")]])"#,
        ),
        ("name == \"' OR 1=1; --\"", "[name Equal [Text(\"' OR 1=1; --\")]]"),
        ("resource_id in []", "[resource_id In []]"),
        (
            "name == \"a\" && name == \"b\" || name == \"c\"",
            "(or (and [name Equal [Text(\"a\")]] [name Equal [Text(\"b\")]]) [name Equal [Text(\"c\")]])",
        ),
    ] {
        assert_eq!(show(text), shown, "{text}");
    }
}

#[test]
fn hostile_filters_are_refused_with_their_column() {
    for (text, column) in [
        ("name == \"x\") || true || (\"", 26),
        ("name == \"x\") || true", 12),
        ("true", 1),
        ("nosuch == \"x\"", 1),
        ("name == \"x\" && secret == 'y'", 16),
        ("name", 1),
        ("name == 1", 1),
        ("name > \"a\"", 1),
        ("state == \"GONE\"", 1),
        ("project == \"shop\"", 1),
        ("project == \"projects/\"", 1),
        ("size == \"5\"", 1),
        ("size == 99999999999999999999", 9),
        ("create_time >= \"yesterday\"", 1),
        ("name == \"x", 9),
        ("name == \"\0\"", 10),
        ("name == \"\\ud800\"", 10),
        ("name == \"\\u{41}\"", 10),
        ("name == \"\\0\"", 10),
        ("name; DROP TABLE project", 5),
        ("name.size() == 1", 10),
        ("name.a == \"x\"", 1),
        ("labels == \"x\"", 1),
        ("labels.a.b == \"x\"", 1),
        ("label == \"novalue\"", 1),
        ("label in [\"a:1\", \"b:2\"]", 1),
        ("has(name)", 4),
        ("name == name", 9),
        ("[1].all(x, x > 1)", 1),
        ("name ? true : false", 6),
        ("名 == \"x\"", 1),
        ("name == \"x\" &&", 15),
    ] {
        let shown = show(text);
        assert!(shown.starts_with(&format!("ERROR filter, column {column}: ")), "{text}: {shown}");
    }
}

#[test]
fn size_terms_and_depth_are_bounded() {
    let fail = |text: String| assert!(show(&text).starts_with("ERROR"), "{}", &text[..40]);
    fail(vec!["name == \"x\""; 10_000].join(" || "));
    fail(vec!["name == \"x\""; 201].join(" || "));
    fail(format!("resource_id in [{}]", vec!["'x'"; 501].join(",")));
    fail("(".repeat(30_000));
    fail(format!("{}name == \"x\"", "!".repeat(30_000)));
    fail(format!("{}name == \"x\"{}", "(".repeat(33), ")".repeat(33)));
    fail(format!("name{} == \"x\"", ".a".repeat(15_000)));
    fail("\"".to_owned() + &"x".repeat(40_000) + "\"");
    fail("[".repeat(30_000));
    fail(vec!["name"; 8_000].join("=="));
    assert!(
        !show(&format!("resource_id in [{}]", vec!["'x'"; 500].join(","))).starts_with("ERROR")
    );
    assert!(
        !show(&format!("{}name == \"x\"{}", "(".repeat(32), ")".repeat(32))).starts_with("ERROR")
    );
}

#[test]
fn orders() {
    let fields =
        [Field::text("title", "project.title"), Field::time("create_time", "project.created_at")];
    let read = |text| {
        order_by(text, &fields)
            .map(|o| o.iter().map(|o| (o.field.name, o.descending)).collect::<Vec<_>>())
    };
    assert_eq!(read("").unwrap(), []);
    assert_eq!(read("title").unwrap(), [("title", false)]);
    assert_eq!(
        read(" create_time DESC , title asc").unwrap(),
        [("create_time", true), ("title", false)]
    );
    for bad in [
        "id;DROP",
        "title;",
        "title up",
        "title desc desc",
        "title,",
        "title, title desc",
        "1",
        "title\0",
    ] {
        assert_eq!(read(bad).unwrap_err().reason(), Reason::InvalidField, "{bad}");
    }
}

#[test]
fn masks_name_what_may_change() {
    let allowed = ["title", "state"];
    let mask = |paths: &[&str]| {
        Mask::new(&paths.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>(), &allowed)
    };
    let title = mask(&["title"]).unwrap();
    assert!(title.has("title") && !title.has("state") && title.only("title"));
    for bad in [&[][..], &["*"], &["creator"], &["title", "title.x"], &[""], &["Title"]] {
        let error = mask(bad).unwrap_err();
        assert_eq!(error.field_violations()[0].field, "update_mask", "{bad:?}");
    }
}

#[test]
fn etags_guard_only_when_given() {
    assert!(check_etag("projects/shop", "", 3).is_ok());
    assert!(check_etag("projects/shop", "3", 3).is_ok());
    assert_eq!(check_etag("projects/shop", "2", 3).unwrap_err().reason(), Reason::EtagMismatch);
    assert!(check_etag("projects/shop", " 3", 3).is_err());
}
