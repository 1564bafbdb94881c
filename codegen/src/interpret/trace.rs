//! What a reading looks at on its way: which things of the model that say what bytes may be were asked, and what they said.
//! It changes nothing of the reading, and costs a comparison where nobody watches.

/// What is asked of a thing of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// Of a rule that refuses: whether it holds.
    Rule,
    /// Of a rule that gives a finding: whether it holds.
    Soft,
    /// Of a field that need not be there: whether it is.
    Present,
    /// Of a field that takes no bytes: whether none of what must not follow does.
    Unlike,
    /// Of a field at an offset, or read aside: whether it can lie there.
    Placed,
    /// Of a pinned field: whether it is as pinned.
    Pin,
    /// Of constant bytes and zeros: whether they are found.
    Constant,
    /// Of a field or part that is an enum, flags or a truth value: whether what is found has a name.
    Known,
    /// Of the same: whether one without a name is kept.
    Kept,
    /// Of text: whether it is well formed.
    Text,
    /// Of what has a most: whether it is no more than that.
    Max,
    /// Of a list: whether it has no more elements than it may.
    MaxCount,
    /// Of a list: whether its elements differ.
    Unique,
    /// Of a list: whether its elements do not overlap.
    Disjoint,
    /// Of a list: whether it goes on.
    GoesOn,
    /// Of a window: whether what is in it uses it up, or leaves what it may.
    UsedUp,
    /// Of a value of an enum: whether the version at hand knows what was found.
    Value,
    /// Of a flag: whether it is set.
    Flag,
    /// Of a case: whether it is taken; not so where its label fits and its condition fails.
    Case,
    /// Of a switch: whether there is a case.
    Choice,
    /// Of a type: whether it is big endian.
    Big,
    /// Of a field with copies: whether a copy is valid.
    Copy,
    /// Of a field with copies: whether those that are as new are the same.
    Newest,
    /// Of what is remembered: whether it could be.
    Remembered,
    /// Of bytes whose length code by hand tells: whether it told.
    Told,
}

/// Something that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// What.
    pub aspect: Aspect,
    /// Of which thing: its [`identity`].
    pub of: usize,
    /// The answer.
    pub held: bool,
    /// Absolute offset of the next byte when it was asked.
    pub at: u64,
}

/// Whoever watches a reading.
pub trait Observer {
    /// Something was asked.
    fn saw(&self, seen: Seen);
}

/// What tells a thing of a model from all others of that model, as long as the model is not moved.
#[must_use]
pub fn identity<T>(thing: &T) -> usize {
    std::ptr::from_ref(thing).addr()
}
