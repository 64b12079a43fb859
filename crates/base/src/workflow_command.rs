//! Texts inside commands of GitHub workflows (`::error file=…::message`), which would end them.

/// A message: line ends would end the command.
pub fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property: colons and commas would end it, too.
pub fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(message("50%:\r\na,b"), "50%25:%0D%0Aa,b");
        assert_eq!(property("a:b,c%.sql"), "a%3Ab%2Cc%25.sql");
    }
}
