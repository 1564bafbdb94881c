//! Sizes on the wire, as far as they are constant.

/// Size of a type, field or content on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// So many bytes, always.
    Fixed(u64),
    /// At least so many.
    AtLeast(u64),
}

impl Size {
    /// The constant size.
    #[must_use]
    pub fn fixed(self) -> Option<u64> {
        match self {
            Self::Fixed(n) => Some(n),
            Self::AtLeast(_) => None,
        }
    }

    /// The least size.
    #[must_use]
    pub fn least(self) -> u64 {
        match self {
            Self::Fixed(n) | Self::AtLeast(n) => n,
        }
    }

    /// One after the other.
    #[must_use]
    pub fn then(self, other: Self) -> Self {
        let least = self.least().saturating_add(other.least());
        match (self, other) {
            (Self::Fixed(_), Self::Fixed(_)) => Self::Fixed(least),
            _ => Self::AtLeast(least),
        }
    }
}

/// How much of what is left of a window something takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Greed {
    /// What it needs.
    None,
    /// In some cases all.
    Maybe,
    /// All.
    Always,
}
