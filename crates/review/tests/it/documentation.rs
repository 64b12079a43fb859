//! The examples in the documentation of rules are true: `example` fires, `instead` does not.

use crate::support;

const CATALOG: &str = "
    CREATE SCHEMA bbdataarchive;
    CREATE TABLE book (id int, name text, author_id int, a int);
    CREATE INDEX book_name ON book (name);
";

#[test]
fn examples_are_true() {
    let catalog = support::catalog(CATALOG);
    for rule in review::RULES {
        let rules = [support::config(rule.rule, support::payload(rule.rule))];
        let name = rule.rule.as_str();
        let fired = |script: &str| {
            let report = support::run(script, Some(&catalog), &rules, None);
            report.advices.iter().map(|a| format!("{} {}", a.title, a.code)).collect::<Vec<_>>()
        };
        if rule.doc.example.is_empty() {
            // Only a connection, or a script too long for a page, makes it fire.
            let reason = rule.needs == review::Needs::Connection
                || rule.payload == review::PayloadKind::Number;
            assert!(reason, "{name} has no example");
        } else {
            let found = fired(rule.doc.example);
            assert!(!found.is_empty(), "the example of {name} does not fire");
            assert!(found.iter().all(|f| f.starts_with(name) && !f.ends_with(" 1")), "{found:?}");
        }
        assert_eq!(fired(rule.doc.instead), Vec::<String>::new(), "`instead` of {name} fires");
    }
}

#[test]
fn advices_have_the_codes_that_their_rule_says() {
    let catalog = support::catalog(CATALOG);
    for rule in review::RULES {
        let codes = review::code::of(rule.rule);
        assert!(!codes.is_empty(), "{} has no code; add it to code::of", rule.rule.as_str());
        let rules = [support::config(rule.rule, support::payload(rule.rule))];
        for advice in support::run(rule.doc.example, Some(&catalog), &rules, None).advices {
            assert!(codes.contains(&advice.code), "{}: {}", advice.title, advice.code);
        }
    }
}

#[test]
fn every_rule_takes_the_payload_that_it_says() {
    for rule in review::RULES {
        assert_eq!(support::payload(rule.rule).kind(), rule.payload, "{}", rule.rule.as_str());
        let wrong = match rule.payload {
            review::PayloadKind::None => continue,
            review::PayloadKind::Number => review::Payload::None,
            _ => review::Payload::Number { number: 1 },
        };
        // Looked at before the rules run; without a limit there is none.
        if rule.rule == review::RuleType::BuiltinStatementMaximumSqlSize
            || rule.needs == review::Needs::Connection
        {
            continue;
        }
        let report = support::run(
            "CREATE TABLE t (id int)",
            None,
            &[support::config(rule.rule, wrong)],
            None,
        );
        let advice = report.advices.first().expect("a rule that cannot be evaluated says so");
        assert_eq!((advice.code, advice.status), (1, review::Status::Error));
        assert!(advice.content.starts_with("Not evaluated: "), "{}", advice.content);
    }
}
