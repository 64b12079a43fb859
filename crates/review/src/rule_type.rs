//! The names of rules: those of `SQLReviewRule.Type` on the wire, and ours from 10001 on. The list comes from the proto file.

macro_rules! rule_types {
    ($($rule:ident $number:literal $wire:literal;)*) => {
        /// A kind of rule, of any engine. The discriminant is the number on the wire.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        pub enum RuleType { $(#[serde(rename = $wire)] $rule = $number,)* }

        impl RuleType {
            pub const ALL: &[Self] = &[$(Self::$rule,)*];

            /// The enum value's name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$rule => $wire,)* }
            }
        }
    };
}

mod list;

pub use list::RuleType;

impl RuleType {
    pub const fn number(self) -> i32 {
        self as i32
    }

    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.number() == number)
    }

    /// In any case, with `-`, `.` or `_` between the words: people write names into scripts.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_uppercase().replace(['-', '.'], "_");
        Self::ALL.iter().copied().find(|r| r.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_go_both_ways() {
        for rule in RuleType::ALL {
            assert_eq!(RuleType::from_number(rule.number()), Some(*rule));
            assert_eq!(RuleType::from_name(rule.as_str()), Some(*rule));
        }
        assert_eq!(RuleType::from_name("naming.table"), Some(RuleType::NamingTable));
        assert_eq!(RuleType::from_number(0), None);
    }
}
