//! Findings: rules that a value breaks although it can be read and written.

use crate::path::{Step, render};
use crate::rule::write_verdict;
use crate::{Class, Found, Rule};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// How many findings are kept; a hostile list would otherwise fill memory with them.
const MOST: usize = 1_000;

/// A soft rule that a value breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The field path.
    pub path: String,
    /// Absolute offset in bytes; counted from the value where the value does not know its place.
    pub offset: u64,
    /// The rule.
    pub rule: &'static Rule,
    /// The value that breaks it.
    pub found: Found,
}

impl Finding {
    /// The rule's class.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.rule.class
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}: ", self.offset)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        let rule = self.rule;
        write_verdict(f, rule.expected, &self.found, rule.say, rule.class)
    }
}

/// Collects findings, knowing where in the value it is. Keeps the first 1,000 and counts the rest.
#[derive(Debug, Default)]
pub struct Findings {
    path: Vec<Step>,
    found: Vec<Finding>,
    left_out: u64,
}

impl Findings {
    /// Notes a finding unless the rule holds.
    #[inline]
    pub fn expect(&mut self, holds: bool, rule: &'static Rule, offset: u64, found: impl Into<Found>) {
        if !holds {
            self.note(rule, offset, found.into());
        }
    }

    #[cold]
    fn note(&mut self, rule: &'static Rule, offset: u64, found: Found) {
        if self.found.len() >= MOST {
            self.left_out = self.left_out.saturating_add(1);
            return;
        }
        let field = (!rule.field.is_empty()).then_some(Step::Field(rule.field));
        let path = render(self.path.iter().chain(&field));
        self.found.push(Finding { path, offset, rule, found });
    }

    /// Collects from a field, whose name is put in the path.
    pub fn within(&mut self, name: &'static str, collect: impl FnOnce(&mut Self)) {
        self.path.push(Step::Field(name));
        collect(self);
        self.path.pop();
    }

    /// Collects from a list's element, whose index is put in the path.
    pub fn element(&mut self, index: usize, collect: impl FnOnce(&mut Self)) {
        self.path.push(Step::Index(index));
        collect(self);
        self.path.pop();
    }

    /// How many findings there were beyond those kept.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Everything kept, in the order found.
    #[must_use]
    pub fn finish(self) -> Vec<Finding> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    static VERSION: Rule = Rule::new("version", 51, Class::Unsupported, "at most 2").say("version 3 was only proposed");
    static WHOLE: Rule = Rule::new("", 60, Class::Note, "no overlap");

    #[test]
    fn path_offset_and_words() {
        let mut f = Findings::default();
        f.within("header", |f| f.expect(false, &VERSION, 0x10, 3_u32));
        f.within("records", |f| {
            f.element(2, |f| f.expect(false, &WHOLE, 9, Found::Nothing));
        });
        f.expect(true, &VERSION, 0, 0_u8);
        let text: Vec<_> = f.finish().iter().map(ToString::to_string).collect();
        assert_eq!(
            text,
            [
                "0x10: header.version: expected at most 2, found 3: version 3 was only proposed (unsupported)",
                "0x9: records[2]: expected no overlap (note)",
            ]
        );
    }

    #[test]
    fn a_rule_over_the_root_has_no_stub() {
        let mut f = Findings::default();
        f.expect(false, &WHOLE, 0, 1_u8);
        let found = f.finish();
        assert_eq!(
            found.first().map(ToString::to_string).unwrap_or_default(),
            "0x0: expected no overlap, found 1 (note)"
        );
        assert!(found.iter().all(|f| f.class().is_note() && f.path.is_empty()));
    }

    #[test]
    fn capped_and_counted() {
        let mut f = Findings::default();
        for i in 0..1_234_u64 {
            f.expect(false, &VERSION, i, i);
        }
        assert_eq!(f.left_out(), 234);
        assert_eq!(f.finish().len(), 1_000);
    }
}
