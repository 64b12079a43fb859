//! FROM: tables, subqueries, functions, joins.

use sql::tree::{Expr, ExprKind, FromItem, Ident, Join};
use sql::{Sources, SpanColumn};

use super::Resolver;
use super::query::renamed;
use super::scope::{Item, Relation, Scope};

/// Functions whose columns have names of their own.
const COLUMNS: &[(&str, &[&str])] = &[
    ("json_each", &["key", "value"]),
    ("jsonb_each", &["key", "value"]),
    ("json_each_text", &["key", "value"]),
    ("jsonb_each_text", &["key", "value"]),
    ("pg_logical_slot_get_changes", &["lsn", "xid", "data"]),
    ("pg_logical_slot_peek_changes", &["lsn", "xid", "data"]),
    ("ts_stat", &["word", "ndoc", "nentry"]),
    ("ts_parse", &["tokid", "token"]),
    ("ts_token_type", &["tokid", "alias", "description"]),
    ("ts_debug", &["alias", "description", "token", "dictionaries", "dictionary", "lexemes"]),
    ("pg_get_keywords", &["word", "catcode", "barelabel", "catdesc", "baredesc"]),
    ("aclexplode", &["grantor", "grantee", "privilege_type", "is_grantable"]),
];

/// Functions whose only column is named in their declaration: an alias of the table does not rename it.
const NAMED: &[&str] = &[
    "json_array_elements",
    "jsonb_array_elements",
    "json_array_elements_text",
    "jsonb_array_elements_text",
];

impl Resolver<'_> {
    /// `outer` is what any part sees, `lateral` what stands before it as well.
    pub fn from(&mut self, item: &FromItem, outer: &Scope<'_>, lateral: &Scope<'_>) -> Item {
        self.deeper(|r| r.part(item, outer, lateral)).unwrap_or_default()
    }

    fn part(&mut self, item: &FromItem, outer: &Scope<'_>, lateral: &Scope<'_>) -> Item {
        match item {
            FromItem::Table { name, alias, columns } => {
                let relation = self.relation(name, outer);
                Item::of(called(relation, alias.as_ref(), columns))
            }
            FromItem::Query { query, alias, columns, lateral: sees } => {
                let found = self.query(query, if *sees { lateral } else { outer });
                let relation = Relation { columns: found, ..Relation::default() };
                Item::of(called(relation, alias.as_ref(), columns))
            }
            FromItem::Expr { expr, alias, columns } => {
                Item::of(self.rows(expr, alias.as_ref(), columns, lateral))
            }
            FromItem::Join(join) => self.join(join, outer, lateral),
        }
    }

    fn join(&mut self, join: &Join, outer: &Scope<'_>, lateral: &Scope<'_>) -> Item {
        let left = self.from(&join.left, outer, lateral);
        let mut scope = Scope { item: left, ..Scope::inside(lateral) };
        let right = self.from(&join.right, outer, &scope);
        let mut left = std::mem::take(&mut scope.item);
        let merged: Vec<String> = if join.natural {
            let shared = |c: &&SpanColumn| right.star.iter().any(|r| r.name == c.name);
            left.star.iter().filter(shared).map(|c| c.name.clone()).collect()
        } else {
            join.using.iter().map(|c| c.name.clone()).collect()
        };
        let mut star = Vec::new();
        for name in &merged {
            let both = left.star.iter().chain(&right.star).filter(|c| c.name == *name);
            let mut column =
                SpanColumn { name: name.clone(), plain: true, ..SpanColumn::default() };
            let mut sides = 0;
            for side in both {
                column.sources.extend(side.sources.iter().cloned());
                column.plain &= side.plain;
                sides += 1;
            }
            column.plain &= sides > 0;
            star.push(column);
        }
        let rest = |c: &SpanColumn| !merged.contains(&c.name);
        star.extend(left.star.into_iter().filter(rest));
        star.extend(right.star.into_iter().filter(rest));
        left.relations.extend(right.relations);
        let mut item = Item { relations: left.relations, star };
        self.narrow(&mut item);
        if let Some(on) = &join.on {
            // What a join compares is not listed among the predicates; what its subqueries read is.
            let scope = Scope { item, ..Scope::inside(lateral) };
            self.expr(on, &scope);
            item = scope.item;
        }
        item
    }

    /// Functions, ROWS FROM, JSON_TABLE, XMLTABLE.
    fn rows(
        &mut self,
        expr: &Expr,
        alias: Option<&Ident>,
        names: &[Ident],
        scope: &Scope<'_>,
    ) -> Relation {
        let text = scope.text(expr.span);
        let head: String = text
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .find(|w| !w.is_empty() && !w.eq_ignore_ascii_case("lateral"))
            .unwrap_or_default()
            .to_ascii_lowercase();
        let inner: &[Expr] = match &expr.kind {
            ExprKind::Other(inner) => inner,
            ExprKind::TooDeep => {
                self.note("a FROM is nested too deep".to_owned());
                &[]
            }
            _ => std::slice::from_ref(expr),
        };
        let table = matches!(head.as_str(), "json_table" | "xmltable");
        let mut columns = Vec::new();
        if table {
            let sources = self.exprs(inner, scope);
            let defined = super::columns::table_columns(text);
            columns.extend(defined.into_iter().map(|n| column(n, &sources)));
        } else {
            let several = inner.len() > 1 && head == "rows";
            for call in inner {
                columns.extend(self.call_rows(call, alias.filter(|_| !several), scope));
            }
            let defined = super::columns::defined(text);
            if !defined.is_empty() {
                let all: Sources = columns.iter().flat_map(|c| c.sources.iter().cloned()).collect();
                columns = defined.into_iter().map(|n| column(n, &all)).collect();
            }
        }
        if super::columns::has_ordinality(text) {
            columns.push(column("ordinality".to_owned(), &Sources::new()));
        }
        // A function that gives records, with columns as the query says.
        if !columns.is_empty() {
            let all: Sources = columns.iter().flat_map(|c| c.sources.iter().cloned()).collect();
            while columns.len() < names.len() {
                columns.push(column(String::new(), &all));
            }
        }
        let name = columns.first().filter(|_| !table).map(|_| head).unwrap_or_default();
        let relation = Relation { name, columns, ..Relation::default() };
        called(relation, alias, names)
    }

    /// The columns that a call gives as a table.
    fn call_rows(
        &mut self,
        call: &Expr,
        alias: Option<&Ident>,
        scope: &Scope<'_>,
    ) -> Vec<SpanColumn> {
        let ExprKind::Call { name, args } = &call.kind else {
            let sources = self.expr(call, scope);
            let name = super::name::result_name(call, scope);
            return vec![column(alias.map_or(name, |a| a.name.clone()), &sources)];
        };
        let args: Vec<Sources> = args.iter().map(|a| self.expr(a, scope)).collect();
        if let Some(columns) = self.table_call(call.span, name, &args, alias, scope) {
            return columns;
        }
        if name == "unnest" && args.len() > 1 {
            return args.iter().map(|a| column(name.clone(), a)).collect();
        }
        let sources: Sources = args.into_iter().flatten().collect();
        if let Some((_, names)) = COLUMNS.iter().find(|(n, _)| n == name) {
            return names.iter().map(|n| column((*n).to_owned(), &sources)).collect();
        }
        let renames = alias.filter(|_| !NAMED.contains(&name.as_str()));
        vec![column(renames.map_or_else(|| name.clone(), |a| a.name.clone()), &sources)]
    }
}

fn column(name: String, sources: &Sources) -> SpanColumn {
    SpanColumn { name, sources: sources.clone(), plain: false }
}

/// A relation under its alias.
fn called(mut relation: Relation, alias: Option<&Ident>, columns: &[Ident]) -> Relation {
    if let Some(alias) = alias {
        relation.name.clone_from(&alias.name);
        relation.schema.clear();
        relation.database.clear();
    }
    relation.columns = renamed(relation.columns, columns);
    relation
}
