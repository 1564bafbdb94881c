//! Classes of failures and findings.

/// The class of a failure or finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// `not_this_format`
    NotThisFormat,
    /// `truncated`
    Truncated,
    /// `unsupported`
    Unsupported,
    /// `limit`
    Limit,
    /// `invalid`
    Invalid,
    /// `incomplete`
    Incomplete,
    /// `note`
    Note,
}

impl Class {
    /// As specs spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotThisFormat => "not_this_format",
            Self::Truncated => "truncated",
            Self::Unsupported => "unsupported",
            Self::Limit => "limit",
            Self::Invalid => "invalid",
            Self::Incomplete => "incomplete",
            Self::Note => "note",
        }
    }
}
