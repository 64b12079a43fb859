//! Paging, order and filters, on users and projects for all lists.

use store::rows::State;
use store::{Filter, List, Order, StoreError, databases, projects, users};

use crate::support::{a_database, a_project, a_user, labels, shop, texts};

async fn walk(conn: &mut store::Conn, mut args: List) -> Vec<String> {
    let mut seen = Vec::new();
    for _ in 0..100 {
        let page = users::list(conn, &args).await.unwrap();
        assert!(page.items.len() <= args.size);
        seen.extend(page.items.into_iter().map(|u| u.email));
        args.token = page.next;
        if args.token.is_none() {
            return seen;
        }
    }
    panic!("the pages never end");
}

fn by(field: store::Field, descending: bool) -> Order {
    Order { field, descending }
}

store_tests! {
    async fn pages_show_each_row_once_in_every_order(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        for i in 0..23 {
            let title = ["b", "a", "Z", "ä"][i % 4];
            users::insert(&mut tx, &mut a_user(&format!("u{i:02}@x.org"), title)).await.unwrap();
        }
        let all: Vec<String> = (0..23).map(|i| format!("u{i:02}@x.org")).collect();
        let size = 5;
        assert_eq!(walk(&mut tx, List { size, ..List::default() }).await, all);
        let backwards = walk(&mut tx, List { size, order: vec![by(users::EMAIL, true)], ..List::default() }).await;
        assert_eq!(backwards, all.iter().rev().cloned().collect::<Vec<_>>());
        // Bytes, not the locale: Z < a < b < ä on both backends.
        let rank = |i: usize| [2, 1, 0, 3][i % 4];
        for (title_down, email_down) in [(false, false), (true, false), (false, true), (true, true)] {
            let order = vec![by(users::TITLE, title_down), by(users::EMAIL, email_down)];
            let mut expected: Vec<usize> = (0..23).collect();
            expected.sort_by_key(|i| {
                let (r, i) = (rank(*i), i64::try_from(*i).unwrap());
                (if title_down { -r } else { r }, if email_down { -i } else { i })
            });
            let expected: Vec<String> = expected.into_iter().map(|i| format!("u{i:02}@x.org")).collect();
            assert_eq!(walk(&mut tx, List { size, order, ..List::default() }).await, expected);
        }
    }

    async fn the_last_page_has_no_next(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        for i in 0..4 {
            users::insert(&mut tx, &mut a_user(&format!("u{i}@x.org"), "u")).await.unwrap();
        }
        let page = users::list(&mut tx, &List { size: 4, ..List::default() }).await.unwrap();
        assert_eq!((page.items.len(), page.next), (4, None));
        let page = users::list(&mut tx, &List::default()).await.unwrap();
        assert_eq!(page.items.len(), 4);
    }

    async fn a_row_that_goes_does_not_disturb_the_next_page(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        for i in 0..4 {
            users::insert(&mut tx, &mut a_user(&format!("u{i}@x.org"), "u")).await.unwrap();
        }
        let active = Filter::eq(users::STATE, "ACTIVE");
        let mut args = List { size: 2, filter: active, ..List::default() };
        args.token = users::list(&mut tx, &args).await.unwrap().next;
        let mut first = users::get(&mut tx, "u0@x.org").await.unwrap().unwrap();
        users::delete(&mut tx, &mut first, crate::support::at(1)).await.unwrap();
        let second: Vec<_> = users::list(&mut tx, &args).await.unwrap().items.into_iter().map(|u| u.email).collect();
        assert_eq!(second, ["u2@x.org", "u3@x.org"]);
    }

    async fn a_token_of_another_list_or_an_edited_one_is_refused(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        for i in 0..4 {
            users::insert(&mut tx, &mut a_user(&format!("u{i}@x.org"), "u")).await.unwrap();
            projects::insert(&mut tx, &mut a_project(&format!("p{i}"))).await.unwrap();
        }
        let args = List { size: 2, ..List::default() };
        let token = users::list(&mut tx, &args).await.unwrap().next.unwrap();
        let with = |args: List| List { token: Some(token.clone()), ..args };
        let (other_filter, other_order) = (
            with(List { filter: Filter::eq(users::STATE, "ACTIVE"), ..args.clone() }),
            with(List { order: vec![by(users::TITLE, false)], ..args.clone() }),
        );
        assert!(matches!(projects::list(&mut tx, &with(args.clone())).await, Err(StoreError::PageToken)));
        for bad in [other_filter, other_order] {
            assert!(matches!(users::list(&mut tx, &bad).await, Err(StoreError::PageToken)));
        }
        let mut edited = token.clone();
        let last = edited.pop().unwrap();
        edited.push(if last == 'A' { 'B' } else { 'A' });
        for bad in [edited, "x".into(), "AAAA".into(), "%%".into(), token[..30].to_owned()] {
            let args = List { token: Some(bad.clone()), ..args.clone() };
            assert!(matches!(users::list(&mut tx, &args).await, Err(StoreError::PageToken)), "{bad}");
        }
        // Another page size is no other list.
        let args = List { token: Some(token), size: 1, ..args };
        assert_eq!(users::list(&mut tx, &args).await.unwrap().items[0].email, "u2@x.org");
    }

    async fn filters_bind_what_people_write(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        for (id, title) in [("a", "50% off"), ("b", "50 off"), ("c", "it's \\ Größe"), ("d", "a_b")] {
            let mut row = a_project(id);
            row.title = title.into();
            row.labels = labels([("k", id)]);
            if id == "b" {
                row.state = State::Deleted;
            }
            projects::insert(&mut tx, &mut row).await.unwrap();
        }
        let mut ids = async |filter: Filter| {
            let page = projects::list(&mut tx, &List::of(filter)).await.unwrap();
            page.items.into_iter().map(|p| p.id).collect::<String>()
        };
        let contains = |text: &str| Filter::Contains(projects::TITLE, text.into());
        assert_eq!(ids(contains("50% ")).await, "a");
        assert_eq!(ids(contains("50")).await, "ab");
        assert_eq!(ids(contains("GRÖßE")).await, "c");
        assert_eq!(ids(contains("\\")).await, "c");
        assert_eq!(ids(contains("a_b")).await, "d");
        assert_eq!(ids(contains("_")).await, "d");
        assert_eq!(ids(contains("'; DROP TABLE project; --")).await, "");
        assert_eq!(ids(Filter::eq(projects::TITLE, "it's \\ Größe")).await, "c");
        assert_eq!(ids(Filter::All).await, "abcd");
        assert_eq!(ids(Filter::And(vec![])).await, "abcd");
        assert_eq!(ids(Filter::Or(vec![])).await, "");
        assert_eq!(ids(Filter::is_in::<&str>(projects::ID, [])).await, "");
        assert_eq!(ids(Filter::Not(Box::new(Filter::is_in(projects::ID, ["a", "d"])))).await, "bc");
        let either = Filter::Or(vec![Filter::eq(projects::ID, "a"), contains("OFF")]);
        assert_eq!(ids(either.clone().and(Filter::eq(projects::STATE, "ACTIVE"))).await, "a");
        assert_eq!(ids(Filter::All.and(either)).await, "ab");
        let label = |values: &[&str]| Filter::Label {
            owner: projects::LABELS,
            key: "k".into(),
            values: values.iter().map(|v| (*v).to_owned()).collect(),
        };
        assert_eq!(ids(label(&["a", "c"])).await, "ac");
        assert_eq!(ids(label(&[])).await, "");
        assert_eq!(ids(Filter::Ge(projects::ID, "b".into())).await, "bcd");
        assert_eq!(ids(Filter::Lt(projects::ID, "b".into())).await, "a");
        assert_eq!(ids(Filter::Gt(projects::ID, "b".into()).and(Filter::Le(projects::ID, "c".into()))).await, "c");
    }

    async fn databases_are_ordered_by_bytes_within_their_instance(db: &Db) {
        let mut tx = shop(db).await;
        for name in ["a-b", "aB", "a_b", "ab", "Ab"] {
            store::databases::insert(&mut tx, &mut a_database("pg", name, "shop")).await.unwrap();
        }
        let mut args = List { size: 2, order: vec![by(databases::PROJECT, true)], ..List::default() };
        let mut seen = Vec::new();
        loop {
            let page = databases::list(&mut tx, &args).await.unwrap();
            seen.extend(page.items.into_iter().map(|d| d.name));
            args.token = page.next;
            if args.token.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["Ab", "a-b", "aB", "a_b", "ab", "app"]);
        let labels_cannot_order = List { order: vec![by(databases::LABELS, false)], ..List::default() };
        assert!(matches!(databases::list(&mut tx, &labels_cannot_order).await, Err(StoreError::Order(_))));
        let unused = texts(["no"]);
        assert!(databases::get_many_by_id(&mut tx, &unused).await.unwrap().is_empty());
    }
}
