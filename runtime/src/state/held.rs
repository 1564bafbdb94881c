//! A value that is remembered and replaced, and is not `Copy`.

use super::SharedText;
use crate::inside::Inside;

/// A text, or a row with texts: absent until it is remembered. What is looked up is shared, not copied, and stays as it was when
/// something else is remembered.
#[derive(Clone, Debug, PartialEq)]
pub struct Held<T>(Inside<Option<T>>);

impl<T> Default for Held<T> {
    fn default() -> Self {
        Self(Inside::new(None))
    }
}

impl<T: Clone> Held<T> {
    /// What was remembered last.
    #[must_use]
    pub fn get(&self) -> Option<T> {
        self.0.with(|held| held.clone())
    }

    /// Remembers a value, unless it is the one that is there: `same` says so, `value` makes it.
    pub fn remember(&self, same: impl FnOnce(&T) -> bool, value: impl FnOnce() -> T) {
        if !self.0.with(|held| held.as_ref().is_some_and(same)) {
            self.0.set(Some(value()));
        }
    }
}

impl Held<SharedText> {
    /// Remembers a text, or that there is none. The one that is there already is not allocated again.
    pub fn set(&self, text: Option<&[u8]>) {
        match text {
            Some(text) => self.remember(|held| **held == *text, || text.into()),
            None => self.0.set(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::sync::Arc;

    #[test]
    fn a_text_is_shared_and_replaced() {
        let cell = Held::default();
        assert_eq!(cell.get(), None);
        cell.set(Some(b"pc.ram"));
        let first = cell.get();
        cell.set(Some(b"pc.ram"));
        let (a, b) = (first.clone().into_iter().next(), cell.get().into_iter().next());
        assert!(a.zip(b).is_some_and(|(a, b)| Arc::ptr_eq(&a, &b)));
        cell.set(Some(b"vga.vram"));
        assert_eq!(first.as_deref(), Some(b"pc.ram".as_slice()));
        assert_eq!(cell.get().as_deref(), Some(b"vga.vram".as_slice()));
        cell.set(None);
        assert_eq!(cell.get(), None);
    }
}
