//! Whether a statement may carry a password or key.

use sql::StatementKind as K;
use sql::lex::TokenKind;

use crate::parse::Words;

/// Words that come before a secret in the statements that can hold one.
const SECRET_WORDS: [&str; 6] =
    ["IDENTIFIED", "PASSWORD", "MASTER_PASSWORD", "SOURCE_PASSWORD", "CONNECTION", "OPTIONS"];

/// Only kinds with such clauses are searched, so a large INSERT is not read to its end. A false alarm hides a statement
/// from the log; a miss shows a password.
pub(super) fn is_sensitive(kind: K, statement: &str) -> bool {
    let may = matches!(
        kind,
        K::Grant
            | K::Maintenance
            | K::OtherDdl
            | K::Set
            | K::CreateTable
            | K::AlterTable
            | K::Unknown
    );
    if !may {
        return false;
    }
    let mut words = Words::new(statement);
    while let Some(token) = words.peek_token() {
        if token.kind == TokenKind::Word && SECRET_WORDS.contains(&words.peek().as_str()) {
            words.next_token();
            // A column may be called `password`; a secret is a string soon after the word.
            if secret_follows(&mut words.clone(), statement) {
                return true;
            }
        } else {
            words.next_token();
        }
    }
    false
}

/// `IDENTIFIED [WITH plugin] [BY|AS|USING] [PASSWORD] '…'`, `PASSWORD [FOR user] = '…'`, `(…, PASSWORD '…')`.
fn secret_follows(words: &mut Words<'_>, statement: &str) -> bool {
    let mut seen = 0;
    while let Some(token) = words.next_token() {
        let text = token.text(statement);
        let ends = [",", ")", ";"].contains(&text);
        match token.kind {
            // `VARCHAR … DEFAULT ''` after a column's name is no secret, an IDENTIFIED clause is.
            TokenKind::String => return true,
            TokenKind::Number if text.len() > 2 && text[..2].eq_ignore_ascii_case("0x") => {
                return true;
            }
            TokenKind::Word
                if ["NOT", "NULL", "DEFAULT", "COMMENT"]
                    .iter()
                    .any(|w| token.is_word(statement, w)) =>
            {
                return false;
            }
            _ if ends => return false,
            _ => seen += 1,
        }
        if seen > 12 {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use sql::Dialect as _;

    use crate::classify::classify;

    #[test]
    fn secrets_are_found_where_they_stand() {
        let shown = |sql: &str| sql::secrets::mask(sql, &crate::DIALECT.secrets(sql));
        for (sql, wanted) in [
            ("create user a identified by 'x' bogus", "create user a identified by '***' bogus"),
            ("alter user a identified by \"x\"", "alter user a identified by '***'"),
            ("create user a identified with p as 0xAB", "create user a identified with p as '***'"),
            (
                "/*!50700 alter user a identified by 'x' */",
                "/*!50700 alter user a identified by '***' */",
            ),
            ("prepare s from 'set password = ''x'''", "prepare s from '***'"),
            ("set @c = 'mysql://u:x@h/d'", "set @c = '***'"),
            ("update t set password = 'x'", "update t set password = '***'"),
            ("insert into t values ('password', 0xAB)", "insert into t values ('password', 0xAB)"),
        ] {
            assert_eq!(shown(sql), wanted);
        }
    }

    #[test]
    fn secrets_are_noticed() {
        for sql in [
            "create user a@b identified by 'x'",
            "alter user a identified with caching_sha2_password by 'x'",
            "set password for 'a'@'b' = 'x'",
            "set password = password('x')",
            "grant all on *.* to a identified by password '*AB'",
            "change master to master_host='h', master_password='x'",
            "change replication source to source_password = 'x'",
            "create server s foreign data wrapper mysql options (user 'u', password 'x')",
            "create table t (a int) engine=federated connection='mysql://u:p@h/d/t'",
            "start replica user='u' password='x'",
        ] {
            assert!(classify(sql).sensitive, "{sql}");
            let shown = sql::secrets::mask(sql, &crate::DIALECT.secrets(sql));
            for secret in ["'x'", "*AB", "u:p@h"] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
        for sql in [
            "create table t (password varchar(10) not null default '', b int)",
            "alter table t add password varchar(10)",
            "insert into t values ('password', 'identified by')",
            "grant select on t to a",
            "set names utf8mb4",
            "drop user a",
        ] {
            assert!(!classify(sql).sensitive, "{sql}");
        }
    }
}
