//! What becomes of bytes and values that the spec does not say.

/// What becomes of bytes that no field covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// `none`: there may be none.
    None,
    /// `zero`: they must be zero, and are written as zero.
    Zero,
    /// `keep`: they are held.
    Keep,
}

/// What becomes of a value that is not as pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    /// `error`
    Error,
    /// `keep`
    Keep,
}
