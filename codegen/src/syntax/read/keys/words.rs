//! The words of each closed set, with what they say.

/// A word that a key takes.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// What it says, in one line.
    pub doc: &'static str,
}

const fn word(name: &'static str, doc: &'static str) -> Word {
    Word { name, doc }
}

/// Versions of the language.
pub const LANGUAGE: &[Word] = &[word("1", "the only version there is")];

/// Bytes that no field covers.
pub const POLICIES: &[Word] = &[
    word("none", "there may be none"),
    word("zero", "they are zeros, of which only the number is held"),
    word("keep", "they are held as they are"),
];

/// What becomes of a value that is not as pinned.
pub const MISMATCHES: &[Word] =
    &[word("error", "reading fails"), word("keep", "the value holds what was found, and that is a note")];

/// Byte orders.
pub const ORDERS: &[Word] =
    &[word("le", "the least significant byte first"), word("be", "the most significant byte first")];

/// What an extern tells.
pub const GIVES: &[Word] = &[word("length", "how many bytes the field takes")];

/// What becomes of values without a name.
pub const UNKNOWNS: &[Word] = &[word("error", "reading fails"), word("keep", "they are held")];

/// Classes of failures and findings.
pub const CLASSES: &[Word] = &[
    word("not_this_format", "the file is of another format"),
    word("truncated", "the input ends too early"),
    word("unsupported", "a version or value that the spec does not describe"),
    word("limit", "larger than allowed"),
    word("invalid", "anything else that is wrong"),
    word("incomplete", "the writer says that it did not finish"),
    word("note", "worth saying, does no harm"),
];
