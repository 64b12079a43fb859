//! An engine's way of writing as data: what most engines need to be a [`Reader`], without code of their own.

use base::Span;

use crate::blocks::{BlockRules, Blocks};
use crate::heads;
use crate::lex::Rules;
use crate::purity::{PurityRules, judge};
use crate::reader::{Purity, Reader};
use crate::segment::{self, NoHold, Segment};
use crate::statement::{Facts, StatementKind};

#[derive(Debug)]
pub struct Language {
    pub rules: Rules,
    pub holds: Holds,
    /// The API shows a statement alone, without what stands around it.
    pub bare: bool,
    /// Verbs that other engines have not, or mean otherwise.
    pub verbs: &'static [(&'static str, StatementKind)],
    pub purity: PurityRules,
}

/// What holds a semicolon back.
#[derive(Debug)]
pub enum Holds {
    Nothing,
    Blocks(&'static BlockRules),
    /// Something that only this engine has.
    Own(for<'a> fn(&'a str, Rules) -> Segments<'a>),
}

pub type Segments<'a> = Box<dyn Iterator<Item = Segment> + 'a>;

impl Language {
    /// SQL as the standard has it.
    pub const PLAIN: Self = Self {
        rules: Rules::NONE,
        holds: Holds::Nothing,
        bare: false,
        verbs: &[],
        purity: PurityRules::NONE,
    };
}

impl Reader for Language {
    fn rules(&self) -> Rules {
        self.rules
    }

    fn segments<'a>(&self, script: &'a str) -> Segments<'a> {
        match self.holds {
            Holds::Nothing => Box::new(segment::segments(script, self.rules, || NoHold)),
            Holds::Blocks(blocks) => {
                Box::new(segment::segments(script, self.rules, move || Blocks::new(blocks)))
            }
            Holds::Own(segments) => segments(script, self.rules),
        }
    }

    fn shown(&self, segment: &Segment) -> Option<Span> {
        if self.bare { segment.statement } else { Some(segment.whole) }
    }

    fn classify(&self, statement: &str) -> Facts {
        heads::classify(statement, self.rules, self.verbs)
    }

    fn purity(&self, statement: &str) -> Purity {
        judge(statement, self.rules, &self.purity)
    }
}
