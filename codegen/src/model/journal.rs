//! Journals: what is known of a ring of entries beside the bytes that it is.

use super::{Expr, FieldId, Rule, Site, TypeId};

/// `journal`: the field itself is a blob at an offset. In the expressions about entries `it` is the entry, and `prev`, the
/// other one, that in front of it.
#[derive(Debug, Clone)]
pub struct Journal {
    /// The type of an entry.
    pub entry: TypeId,
    /// Where the ring starts, as the field's own `at` says.
    pub at: Expr,
    /// Its length in bytes.
    pub size: Expr,
    /// Bytes from one place where an entry may start to the next.
    pub stride: u64,
    /// Whether there is something to replay.
    pub live: Expr,
    /// Whether an entry belongs to the journal as it is now; it sees the type that holds the journal too.
    pub accept: Expr,
    /// Whether an entry comes next after the other one.
    pub follows: Expr,
    /// What is greatest in the last entry of the newest sequence.
    pub newest: Expr,
    /// Offset in the ring of the first entry to replay.
    pub tail: Expr,
    /// Rules on the last entry, before anything is written.
    pub require: Vec<Rule>,
    /// Bytes that the file has at least after a replay.
    pub grow: Option<Expr>,
    /// What an entry does.
    pub apply: Apply,
    /// What the names of its types in Rust start with.
    pub rust: String,
    /// Where it stands.
    pub site: Site,
}

/// `apply`: in its expressions `it` is an element of the list, and the other one its partner.
#[derive(Debug, Clone)]
pub struct Apply {
    /// The list of the entry whose elements say what is done.
    pub list: FieldId,
    /// The list whose elements are partners of its own.
    pub partners: Option<FieldId>,
    /// The offset in the file that an element is about.
    pub at: Expr,
    /// How many zeros go there, where that is not absent.
    pub zeros: Option<Expr>,
    /// Parts of the entry that go there.
    pub bytes: Vec<Expr>,
}
