//! A condition as a tree, in words of our own: macros stand as they were written, not as the loops they become.

use base::Span;

#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The bytes of the text it covers, without the parentheses around it.
    pub span: Span,
    pub is: Tree,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Tree {
    Literal(Literal),
    Name(String),
    /// `of.field`, or `has(of.field)`.
    Select {
        of: Box<Node>,
        field: String,
        test: bool,
    },
    /// A function, a method on `target`, or an operator by CEL's name of it (`_==_`).
    Call {
        function: String,
        target: Option<Box<Node>>,
        args: Vec<Node>,
    },
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
    Each(Box<Each>),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
}

/// `over.exists(name, test)` and the like.
#[derive(Debug, Clone, PartialEq)]
pub struct Each {
    pub kind: EachKind,
    pub over: Node,
    pub name: String,
    /// What is asked of each; a `map` need not ask.
    pub test: Option<Node>,
    /// What `map` makes of each.
    pub makes: Option<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EachKind {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

impl EachKind {
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Exists => "exists",
            Self::ExistsOne => "exists_one",
            Self::Filter => "filter",
            Self::Map => "map",
        }
    }
}

impl Node {
    /// A call of an operator or function without a place.
    pub fn call(function: &str, args: Vec<Self>) -> Self {
        Self::new(Tree::Call { function: function.to_owned(), target: None, args })
    }

    /// Without a place.
    pub fn new(is: Tree) -> Self {
        Self { span: Span::default(), is }
    }

    /// Steps down to the deepest part; a macro counts for the loop that it becomes.
    pub(super) fn depth(&self) -> usize {
        let most =
            |nodes: &mut dyn Iterator<Item = &Self>| nodes.map(Self::depth).max().unwrap_or(0);
        1 + match &self.is {
            Tree::Literal(_) | Tree::Name(_) => 0,
            Tree::Select { of, .. } => of.depth(),
            Tree::Call { target, args, .. } => most(&mut target.as_deref().into_iter().chain(args)),
            Tree::List(all) => most(&mut all.iter()),
            Tree::Map(all) => most(&mut all.iter().flat_map(|(k, v)| [k, v])),
            Tree::Each(each) => {
                3 + most(&mut std::iter::once(&each.over).chain(&each.test).chain(&each.makes))
            }
        }
    }

    /// `a.b.c` as text; None for anything else.
    pub fn qualified(&self) -> Option<String> {
        match &self.is {
            Tree::Name(name) => Some(name.clone()),
            Tree::Select { of, field, test: false } => Some(format!("{}.{field}", of.qualified()?)),
            _ => None,
        }
    }

    /// The text, if it is one literal text.
    pub fn literal_text(&self) -> Option<&str> {
        match &self.is {
            Tree::Literal(Literal::Text(text)) => Some(text),
            _ => None,
        }
    }
}
