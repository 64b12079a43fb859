//! Lines of a script that a thread is about, and where they are after edits. Pure.

/// A text as lines, each with its end.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Lines `first..=last`, from 1, as they stand; None when the text has not so many.
pub fn cut(text: &str, first: usize, last: usize) -> Option<&str> {
    if first == 0 || last < first {
        return None;
    }
    let all = lines(text);
    let (start, end) = (bytes(&all, first - 1)?, bytes(&all, last)?);
    text.get(start..end)
}

/// Where the lines are now: in their old place, else where they are once; None when they changed.
pub fn find(text: &str, first: usize, cut_lines: &str) -> Option<usize> {
    let wanted = lines(cut_lines);
    let all = lines(text);
    let here = |at: usize| {
        all.get(at..at + wanted.len())
            .is_some_and(|found| found.iter().zip(&wanted).all(|(a, b)| bare(a) == bare(b)))
    };
    if wanted.is_empty() {
        return None;
    }
    if first > 0 && here(first - 1) {
        return Some(first);
    }
    let mut found = (0..all.len()).filter(|at| here(*at));
    match (found.next(), found.next()) {
        (Some(at), None) => Some(at + 1),
        _ => None,
    }
}

/// The text with `replacement` in place of `count` lines from `first` on. The end of the last line stays what it was.
pub fn replace(text: &str, first: usize, count: usize, replacement: &str) -> Option<String> {
    let all = lines(text);
    let (start, end) = (bytes(&all, first.checked_sub(1)?)?, bytes(&all, first - 1 + count)?);
    let ended = all.get(first + count - 2).is_some_and(|l| l.ends_with('\n'));
    let mut new = text.get(..start)?.to_owned();
    new.push_str(replacement);
    if ended && !replacement.is_empty() && !replacement.ends_with('\n') {
        new.push('\n');
    }
    new.push_str(text.get(end..)?);
    Some(new)
}

/// Bytes of the first `count` lines; None when there are not so many.
fn bytes(all: &[&str], count: usize) -> Option<usize> {
    Some(all.get(..count)?.iter().map(|l| l.len()).sum())
}

/// Without its end: a line stays the same when one is added behind it.
fn bare(line: &str) -> &str {
    line.trim_end_matches(['\n', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a;\nb;\nc;\nb;";

    #[test]
    fn lines_are_cut_out() {
        assert_eq!(cut(TEXT, 2, 3), Some("b;\nc;\n"));
        assert_eq!(cut(TEXT, 4, 4), Some("b;"));
        for (first, last) in [(0, 1), (3, 2), (4, 5)] {
            assert_eq!(cut(TEXT, first, last), None, "{first}-{last}");
        }
    }

    #[test]
    fn lines_are_found_again_unless_they_changed() {
        assert_eq!(find(TEXT, 2, "b;\nc;\n"), Some(2), "where they were");
        assert_eq!(find("x;\ny;\na;\nb;\nc;\n", 2, "b;\nc;\n"), Some(4), "they moved");
        assert_eq!(find("a;\nb2;\nc;\n", 2, "b;\n"), None, "they changed");
        assert_eq!(find("b;\nx;\nb;\n", 2, "b;\n"), None, "two places");
        assert_eq!(find("a;\nb;\nmore;", 2, "b;"), Some(2), "a line came behind the last");
    }

    #[test]
    fn lines_are_replaced() {
        assert_eq!(replace(TEXT, 2, 2, "x;").as_deref(), Some("a;\nx;\nb;"));
        assert_eq!(replace(TEXT, 4, 1, "x;").as_deref(), Some("a;\nb;\nc;\nx;"));
        assert_eq!(replace(TEXT, 1, 1, "").as_deref(), Some("b;\nc;\nb;"), "taken away");
        assert_eq!(replace(TEXT, 4, 2, "x;"), None);
    }
}
