//! The words of each closed set with what they stand for.

use crate::syntax::ast::{Class, Mismatch, Order, Policy};

pub(super) const POLICIES: &[(&str, Policy)] =
    &[("none", Policy::None), ("zero", Policy::Zero), ("keep", Policy::Keep)];

pub(super) const MISMATCHES: &[(&str, Mismatch)] = &[("error", Mismatch::Error), ("keep", Mismatch::Keep)];

pub(super) const ORDERS: &[(&str, Order)] = &[("le", Order::Little), ("be", Order::Big)];

pub(super) const BOOLEANS: &[(&str, bool)] = &[("true", true), ("false", false)];

/// What an extern gives.
pub(super) const GIVES: &[(&str, ())] = &[("length", ())];

/// Whether an unknown value is kept.
pub(super) const UNKNOWNS: &[(&str, bool)] = &[("error", false), ("keep", true)];

pub(super) const CLASSES: &[(&str, Class)] = &[
    ("not_this_format", Class::NotThisFormat),
    ("truncated", Class::Truncated),
    ("unsupported", Class::Unsupported),
    ("limit", Class::Limit),
    ("invalid", Class::Invalid),
    ("incomplete", Class::Incomplete),
    ("note", Class::Note),
];

#[cfg(test)]
mod tests {
    use super::super::keys::{self, Word};

    fn words<T>(table: &[(&'static str, T)]) -> Vec<&'static str> {
        table.iter().map(|(word, _)| *word).collect()
    }

    fn listed(words: &[Word]) -> Vec<&'static str> {
        words.iter().map(|word| word.name).collect()
    }

    #[test]
    fn the_tables_of_keys_list_the_same_words() {
        assert_eq!(words(super::POLICIES), listed(keys::POLICIES));
        assert_eq!(words(super::MISMATCHES), listed(keys::MISMATCHES));
        assert_eq!(words(super::ORDERS), listed(keys::ORDERS));
        assert_eq!(words(super::GIVES), listed(keys::GIVES));
        assert_eq!(words(super::UNKNOWNS), listed(keys::UNKNOWNS));
        assert_eq!(words(super::CLASSES), listed(keys::CLASSES));
    }
}
