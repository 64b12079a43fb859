//! What a list request carries besides its parent.

use base::Error;
use base::page::page_size;
use store::{Field, Filter, List};

use super::order_by;

/// The usual fields of a list request, as they came.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub filter: String,
    pub order_by: String,
    /// 0 for the default; more than the largest page is cut to it.
    pub page_size: i32,
    pub page_token: String,
    pub show_deleted: bool,
}

impl Ask {
    /// What nearly every list request carries.
    pub fn new(filter: String, page_size: i32, page_token: String) -> Self {
        Self { filter, page_size, page_token, ..Self::default() }
    }

    /// The page to read: with these conditions, and this request's order over `orders`.
    pub fn page(&self, filter: Filter, orders: &[Field]) -> Result<List, Error> {
        Ok(List {
            filter,
            order: order_by(&self.order_by, orders)?,
            size: page_size(self.page_size),
            token: Some(self.page_token.clone()).filter(|t| !t.is_empty()),
        })
    }

    /// `filter` without deleted things, unless they were asked for: by `show_deleted`, or by a comparison of `state`.
    #[must_use]
    pub fn without_deleted(&self, filter: Filter, state: Field) -> Filter {
        let asked = super::parse::parse(&self.filter).ok().flatten();
        let by_state = asked.is_some_and(|e| e.tests().iter().any(|t| t.variable() == "state"));
        if self.show_deleted || by_state { filter } else { filter.and(Filter::eq(state, "ACTIVE")) }
    }
}
