//! Which columns an expression comes from.

use sql::Sources;
use sql::tree::{Expr, ExprKind};

use super::Resolver;
use super::name::field_of;
use super::relation::SYSTEM_COLUMNS;
use super::scope::Scope;

impl Resolver<'_> {
    /// The sources of an expression, subqueries and functions included.
    pub fn expr(&mut self, expr: &Expr, scope: &Scope<'_>) -> Sources {
        match &expr.kind {
            ExprKind::String(_) | ExprKind::Null => Sources::new(),
            // Lists of many thousands are no work.
            ExprKind::Literal => {
                let text = scope.text(expr.span);
                let parameter = text.starts_with('$').then(|| scope.variable(text)).flatten();
                parameter.map(|v| v.sources.clone()).unwrap_or_default()
            }
            _ => self.deeper(|r| r.expr_at(expr, scope)).unwrap_or_default(),
        }
    }

    fn expr_at(&mut self, expr: &Expr, scope: &Scope<'_>) -> Sources {
        match &expr.kind {
            ExprKind::Column(parts) => self.column(parts, scope),
            // A bare star stands for rows here: count(*).
            ExprKind::Star(parts) if parts.is_empty() => Sources::new(),
            ExprKind::Star(parts) => self.whole_row(parts, scope),
            ExprKind::Query(query) => {
                let columns = self.query(query, scope);
                columns.into_iter().flat_map(|c| c.sources).collect()
            }
            ExprKind::Call { name, args } => {
                let args: Vec<Sources> = args.iter().map(|a| self.expr(a, scope)).collect();
                let mut sources = self.scalar_call(expr.span, name, &args, scope);
                args.into_iter().for_each(|a| sources.extend(a));
                sources
            }
            ExprKind::Other(inner) => {
                if let ([one], Some(field)) = (&inner[..], field_of(scope.text(expr.span)))
                    && let ExprKind::Column(parts) = &one.kind
                    && let Some(column) = scope.relation(parts).and_then(|r| r.column(&field))
                {
                    return column.sources.clone();
                }
                self.exprs(inner, scope)
            }
            ExprKind::TooDeep => {
                self.note("an expression is nested too deep".to_owned());
                Sources::new()
            }
            _ => self.exprs(expr.children(), scope),
        }
    }

    pub fn exprs(&mut self, exprs: &[Expr], scope: &Scope<'_>) -> Sources {
        let mut sources = Sources::new();
        for expr in exprs {
            sources.append(&mut self.expr(expr, scope));
        }
        sources
    }

    /// Notes what a condition looks at. A subquery adds its own conditions, not what it gives: that only decides
    /// together with the table which it reads, and which is listed.
    pub fn condition(&mut self, expr: &Expr, scope: &Scope<'_>) {
        let done = self.deeper(|r| match &expr.kind {
            ExprKind::Query(_) => drop(r.expr(expr, scope)),
            ExprKind::Operator { op, operands }
                if matches!(op.as_str(), "IN" | "NOT IN") && operands.iter().any(is_query) =>
            {
                drop(r.exprs(operands, scope));
            }
            ExprKind::Operator { .. } | ExprKind::Cast { .. } => {
                expr.children().iter().for_each(|e| r.condition(e, scope));
            }
            ExprKind::Other(inner) if inner.iter().any(is_query) => {
                inner.iter().for_each(|e| r.condition(e, scope));
            }
            ExprKind::Call { name, args } => {
                args.iter().for_each(|e| r.condition(e, scope));
                let args: Vec<Sources> = args.iter().map(|a| r.expr(a, scope)).collect();
                let sources = r.scalar_call(expr.span, name, &args, scope);
                r.predicates.extend(sources);
            }
            _ => {
                let sources = r.expr(expr, scope);
                r.predicates.extend(sources);
            }
        });
        if done.is_none() {
            self.note("a condition is nested too deep".to_owned());
        }
    }

    fn column(&mut self, parts: &[String], scope: &Scope<'_>) -> Sources {
        let Some((name, qualifier)) = parts.split_last() else { return Sources::new() };
        if qualifier.is_empty() {
            if let Some(columns) = scope.column(name) {
                return columns.iter().flat_map(|c| c.sources.iter().cloned()).collect();
            }
            if let Some(variable) = scope.variable(name) {
                return variable.sources.clone();
            }
            if scope.relation(parts).is_some() {
                return self.whole_row(parts, scope);
            }
        } else if let Some(relation) = scope.relation(qualifier) {
            match relation.column(name) {
                Some(column) => return column.sources.clone(),
                None if relation.opaque => return Sources::new(),
                // t.f is f(t), as t.name for any function.
                None => {}
            }
        } else if let Some(variable) = qualifier.first().and_then(|v| scope.variable(v)) {
            let column = variable.columns.iter().find(|c| c.name == *name);
            return column.map_or_else(|| variable.sources.clone(), |c| c.sources.clone());
        } else if scope.column(&parts[0]).is_some() {
            // A field of a composite column.
            return self.column(&parts[..1], scope);
        }
        if !SYSTEM_COLUMNS.contains(&name.as_str()) && !scope.is_opaque() {
            self.note(format!("column \"{}\" is in no relation of its FROM", parts.join(".")));
        }
        Sources::new()
    }

    /// All columns of a relation that is used as a value.
    fn whole_row(&mut self, qualifier: &[String], scope: &Scope<'_>) -> Sources {
        if let Some(relation) = scope.relation(qualifier) {
            return relation.columns.iter().flat_map(|c| c.sources.iter().cloned()).collect();
        }
        if let [name] = qualifier
            && let Some(variable) = scope.variable(name)
        {
            return variable.sources.clone();
        }
        self.note(format!("\"{}\" is no relation of its FROM", qualifier.join(".")));
        Sources::new()
    }
}

const fn is_query(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Query(_))
}
