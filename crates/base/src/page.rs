//! Paging: what a caller asks for and what a list gives back.

/// Items a page when the caller does not say.
pub const DEFAULT_PAGE_SIZE: usize = 10;
/// More than this is silently clamped, as existing clients expect.
pub const MAX_PAGE_SIZE: usize = 1000;

/// One page of a list and the opaque token of the next, if there is one.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Page<T> {
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

/// The page size to use for what a request carries (0 and below mean "not said").
pub fn page_size(asked: i32) -> usize {
    match usize::try_from(asked) {
        Ok(0) | Err(_) => DEFAULT_PAGE_SIZE,
        Ok(n) => n.min(MAX_PAGE_SIZE),
    }
}
