//! Text to tree, by the parser of the crate `cel`.

use base::Span;
use cel::common::ast::{
    CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue, SourceInfo,
};

use super::tree::{Each, EachKind, Literal, Node, Tree};
use super::{CelError, guard};

/// Of the thread that parses: many times what the deepest text takes that `guard` lets through, in a debug build. Memory that
/// is not touched is not taken.
const STACK: usize = 64 << 20;

/// The tree of a condition, whatever its names mean.
pub fn read(text: &str) -> Result<Node, CelError> {
    apart(text, || Ok(parse(text)?.1))
}

/// Runs what recurses over a text on a thread of its own: the parser takes up to 200 kB of stack for each parenthesis, and
/// twelve would be more than a thread of the server has.
pub(super) fn apart<T: Send>(
    text: &str,
    work: impl FnOnce() -> Result<T, CelError> + Send,
) -> Result<T, CelError> {
    let builder = std::thread::Builder::new().stack_size(STACK);
    let done = std::thread::scope(|scope| builder.spawn_scoped(scope, work).ok()?.join().ok());
    done.unwrap_or_else(|| {
        Err(CelError::at(text, Span::default(), "this condition could not be read"))
    })
}

/// The parser's program, for its interpreter, and our tree of it. To be called [`apart`].
pub(super) fn parse(text: &str) -> Result<(cel::Program, Node), CelError> {
    guard::measure(text)?;
    if text.trim().is_empty() {
        return Err(CelError::at(text, Span::default(), "write a condition; this is empty"));
    }
    let program = super::eval::env().compile(text).map_err(|errors| words(text, &errors))?;
    let reading = Reading { text, info: program.source_info() };
    let tree = reading.node(program.expression())?;
    Ok((program, tree))
}

struct Reading<'a> {
    text: &'a str,
    info: &'a SourceInfo,
}

impl Reading<'_> {
    fn node(&self, expr: &IdedExpr) -> Result<Node, CelError> {
        let own = self.own(expr.id);
        let is = match &expr.expr {
            Expr::Literal(literal) => Tree::Literal(value(literal)),
            Expr::Ident(name) => Tree::Name(name.clone()),
            Expr::Select(select) => Tree::Select {
                of: Box::new(self.node(&select.operand)?),
                field: select.field.clone(),
                test: select.test,
            },
            Expr::Call(call) => self.call(call)?,
            Expr::List(list) if list.optional_indices.is_empty() => {
                Tree::List(self.nodes(&list.elements)?)
            }
            Expr::Map(map) => Tree::Map(self.entries(map.entries.iter().map(|e| &e.expr), own)?),
            Expr::Comprehension(each) => match self.each(each)? {
                Some(each) => Tree::Each(Box::new(each)),
                None => return Err(self.unknown(own)),
            },
            Expr::List(_) | Expr::Struct(_) | Expr::Unspecified => return Err(self.unknown(own)),
        };
        let inner = inner(&is);
        let span =
            inner.into_iter().fold(own, |a, b| Span::new(a.start.min(b.start), a.end.max(b.end)));
        let span = match &is {
            Tree::Select { test: false, .. } => self.with_field(span, &is),
            Tree::Literal(_) | Tree::Name(_) => span,
            _ => self.closed(own, span, &is),
        };
        Ok(Node { span, is })
    }

    fn nodes(&self, all: &[IdedExpr]) -> Result<Vec<Node>, CelError> {
        all.iter().map(|e| self.node(e)).collect()
    }

    fn call(&self, call: &CallExpr) -> Result<Tree, CelError> {
        let target = call.target.as_ref().map(|t| self.node(t)).transpose()?;
        Ok(Tree::Call {
            function: call.func_name.clone(),
            target: target.map(Box::new),
            args: self.nodes(&call.args)?,
        })
    }

    fn entries<'e>(
        &self,
        entries: impl Iterator<Item = &'e EntryExpr>,
        at: Span,
    ) -> Result<Vec<(Node, Node)>, CelError> {
        entries
            .map(|entry| match entry {
                EntryExpr::MapEntry(entry) if !entry.optional => {
                    Ok((self.node(&entry.key)?, self.node(&entry.value)?))
                }
                EntryExpr::MapEntry(_) | EntryExpr::StructField(_) => Err(self.unknown(at)),
            })
            .collect()
    }

    /// What a loop was before the parser made it of a macro.
    fn each(&self, each: &ComprehensionExpr) -> Result<Option<Each>, CelError> {
        let accu = |e: &IdedExpr| matches!(&e.expr, Expr::Ident(name) if *name == each.accu_var);
        let Expr::Call(step) = &each.loop_step.expr else { return Ok(None) };
        let made = |e: &IdedExpr| -> Result<Option<Node>, CelError> {
            let Expr::Call(CallExpr { func_name, args, .. }) = &e.expr else { return Ok(None) };
            match (func_name.as_str(), args.as_slice()) {
                ("_+_", [a, IdedExpr { expr: Expr::List(one), .. }])
                    if accu(a) && one.elements.len() == 1 =>
                {
                    Ok(Some(self.node(&one.elements[0])?))
                }
                _ => Ok(None),
            }
        };
        let (kind, test, makes) = match (step.func_name.as_str(), step.args.as_slice()) {
            ("_&&_", [a, test]) if accu(a) => (EachKind::All, Some(self.node(test)?), None),
            ("_||_", [a, test]) if accu(a) => (EachKind::Exists, Some(self.node(test)?), None),
            ("_?_:_", [test, then, a]) if accu(a) => {
                let test = Some(self.node(test)?);
                match made(then)? {
                    Some(Node { is: Tree::Name(name), .. }) if name == each.iter_var => {
                        (EachKind::Filter, test, None)
                    }
                    Some(node) => (EachKind::Map, test, Some(node)),
                    None => (EachKind::ExistsOne, test, None),
                }
            }
            ("_+_", _) => match made(&each.loop_step)? {
                Some(node) => (EachKind::Map, None, Some(node)),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        let over = self.node(&each.iter_range)?;
        Ok(Some(Each { kind, over, name: each.iter_var.clone(), test, makes }))
    }

    /// The bytes of the token that a node stands for.
    fn own(&self, id: u64) -> Span {
        let Some((start, stop)) = self.info.offset_for(id) else { return Span::default() };
        let at = |mut byte: usize| {
            while !self.text.is_char_boundary(byte) && byte < self.text.len() {
                byte += 1;
            }
            byte.min(self.text.len())
        };
        let start = at(start as usize);
        Span::new(start, at(stop as usize + 1).max(start))
    }

    /// A call, list or map from its name to the bracket that closes it: the parser tells where the opening one is.
    fn closed(&self, own: Span, span: Span, is: &Tree) -> Span {
        let mut span = span;
        let before = self.text.get(..own.start).unwrap_or_default();
        let name = match is {
            Tree::Call { function, target: None, .. } => function.as_str(),
            Tree::Select { test: true, .. } => "has",
            _ => "",
        };
        if before.ends_with(name) {
            span.start = span.start.min(own.start - name.len());
        }
        if own.of(self.text).starts_with(['(', '[', '{']) {
            let rest = self.text.get(span.end..).unwrap_or_default();
            let space = rest.len() - rest.trim_start_matches([' ', '\n', '\t', '\r', ',']).len();
            if rest[space..].starts_with([')', ']', '}']) {
                span.end += space + 1;
            }
        }
        span
    }

    /// The parser places a selection at its dot.
    fn with_field(&self, span: Span, is: &Tree) -> Span {
        let Tree::Select { field, test: false, .. } = is else { return span };
        let rest = self.text.get(span.end..).unwrap_or_default();
        match rest.trim_start().starts_with(field.as_str()) {
            true => {
                Span::new(span.start, span.end + rest.len() - rest.trim_start().len() + field.len())
            }
            false => span,
        }
    }

    fn unknown(&self, at: Span) -> CelError {
        CelError::at(self.text, at, "conditions do not know this kind of expression")
    }
}

fn inner(is: &Tree) -> Vec<Span> {
    match is {
        Tree::Literal(_) | Tree::Name(_) => Vec::new(),
        Tree::Select { of, .. } => vec![of.span],
        Tree::Call { target, args, .. } => {
            target.iter().map(|t| t.span).chain(args.iter().map(|a| a.span)).collect()
        }
        Tree::List(all) => all.iter().map(|n| n.span).collect(),
        Tree::Map(all) => all.iter().flat_map(|(k, v)| [k.span, v.span]).collect(),
        Tree::Each(each) => {
            let parts = each.test.iter().chain(&each.makes);
            std::iter::once(&each.over).chain(parts).map(|n| n.span).collect()
        }
    }
}

fn value(literal: &LiteralValue) -> Literal {
    match literal {
        LiteralValue::Null => Literal::Null,
        LiteralValue::Boolean(v) => Literal::Bool(*v.inner()),
        LiteralValue::Int(v) => Literal::Int(*v.inner()),
        LiteralValue::UInt(v) => Literal::Uint(*v.inner()),
        LiteralValue::Double(v) => Literal::Double(*v.inner()),
        LiteralValue::String(v) => Literal::Text(v.inner().to_owned()),
        LiteralValue::Bytes(v) => Literal::Bytes(v.inner().to_vec()),
    }
}

/// The parser's first complaint in words of people.
fn words(text: &str, errors: &cel::ParseErrors) -> CelError {
    let Some(first) = errors.errors.first() else {
        return CelError::at(text, Span::default(), "this is no condition");
    };
    let said = first.msg.trim_start_matches("Syntax error: ");
    let line = usize::try_from(first.pos.0).unwrap_or(1).max(1);
    let column = usize::try_from(first.pos.1).unwrap_or(1).max(1);
    let start = text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
    let rest = text.get(start..).unwrap_or_default();
    let at = start + rest.char_indices().nth(column - 1).map_or(rest.len(), |(at, _)| at);
    let rest_at = text.get(at..).unwrap_or_default();
    let quoted = said.split('\'').nth(1).unwrap_or_default();
    let message = if quoted == "<EOF>" || at >= text.trim_end().len() {
        "the condition ends too early".to_owned()
    } else if rest_at.starts_with(['"', '\'']) {
        "this text has no closing quote".to_owned()
    } else if rest_at.starts_with('=') {
        "write == to compare".to_owned()
    } else if said.starts_with("token recognition error") {
        "this does not belong into a condition".to_owned()
    } else if said.starts_with("mismatched input")
        || said.starts_with("extraneous input")
        || said.starts_with("no viable alternative")
    {
        format!("{quoted:?} is not expected here")
    } else if said.starts_with("missing") {
        format!("{quoted:?} is missing here")
    } else {
        said.to_owned()
    };
    let len = if rest_at.starts_with(quoted) && !quoted.is_empty() { quoted.len() } else { 1 };
    let end = (at + len).min(text.len());
    CelError::at(text, Span::new(at, end), message)
}
