//! Where a pull reader is: before its first event, in a list, behind it.

/// The state of a pull reader over a list.
#[derive(Clone, Copy, Debug)]
pub struct Pull {
    stage: Stage,
    /// How many elements have been read.
    index: usize,
    /// How many are to come, where a field says it.
    left: Option<u64>,
    /// Where the element began that is not finished.
    base: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Start,
    List,
    Behind,
    End,
}

impl Pull {
    /// Nothing has been read.
    pub const START: Self = Self { stage: Stage::Start, index: 0, left: None, base: None };
    /// Everything has been read.
    pub const END: Self = Self { stage: Stage::End, index: 0, left: Some(0), base: None };

    /// Before a list of so many elements, or of as many as it says itself.
    #[must_use]
    pub const fn list(left: Option<u64>) -> Self {
        Self { stage: Stage::List, index: 0, left, base: None }
    }

    /// Whether nothing has been read.
    #[must_use]
    pub const fn is_start(&self) -> bool {
        matches!(self.stage, Stage::Start)
    }

    /// Whether everything has been read.
    #[must_use]
    pub const fn is_end(&self) -> bool {
        matches!(self.stage, Stage::End)
    }

    /// Whether the list is over.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        !matches!(self.stage, Stage::List) || matches!(self.left, Some(0))
    }

    /// The list ends here.
    pub const fn end_list(&mut self) {
        self.stage = Stage::Behind;
    }

    /// The index of the next element.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// The index of the element before.
    #[must_use]
    pub const fn before(&self) -> usize {
        self.index.saturating_sub(1)
    }

    /// An element was read that began at `base`; whether it is the last.
    pub const fn element(&mut self, base: u64, last: bool) {
        self.index = self.index.saturating_add(1);
        self.base = Some(base);
        if let Some(left) = self.left {
            self.left = Some(left.saturating_sub(1));
        }
        if last {
            self.end_list();
        }
    }

    /// The element that is not finished, once: its index, and where it began.
    pub const fn unfinished(&mut self) -> Option<(usize, u64)> {
        match self.base.take() {
            Some(base) => Some((self.before(), base)),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_end_by_count_or_by_an_element() {
        let mut pull = Pull::list(Some(1));
        assert_eq!((pull.is_over(), pull.unfinished()), (false, None));
        pull.element(40, false);
        assert_eq!((pull.is_over(), pull.unfinished(), pull.unfinished()), (true, Some((0, 40)), None));
        let mut pull = Pull::list(None);
        pull.element(0, false);
        assert!(!pull.is_over());
        pull.element(9, true);
        assert!(pull.is_over() && !pull.is_end() && Pull::END.is_end() && Pull::START.is_start());
        assert_eq!((pull.index(), pull.before()), (2, 1));
    }
}
