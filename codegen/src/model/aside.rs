//! What is read aside: at an offset of a place, while the sequence stays where it is.
//!
//! A place is a struct that something is read aside from: by its own fields, or by those of types that are given it
//! (`with: {region: this}`). It starts with the struct. Its extent ends where the window ends that the struct lies in or
//! has, at the end of the file where there is none, or, without `slack`, behind the last thing read aside.
//!
//! Reading: an aside of no bytes lies nowhere and is not looked at. Any other must start at or after the byte that
//! the sequence has come to (`invalid`), must not be larger than its `max` (`limit`), must end within the window around the
//! place (`invalid`) or the file (`truncated`), and all asides of a place together must not be larger than the place
//! (`limit`). These are found at the field, in this order, and located where it points. Its bytes are a window then.
//! When the struct's own sequence is through, its asides are sorted by offset. One that starts before the end of the sequence,
//! or shares some but not all bytes with another, is `invalid` at the struct, located where it starts. Asides of the same range are
//! allowed if all of them are held (no lazy list or slack that is kept in them); else they are `invalid` in the same way. Bytes between are the slack.
//!
//! Writing: the sequence goes out first, then asides and slack by offset. The same rules hold, and asides of the same
//! range must have the same bytes.

use super::{Content, Expr, Field, Format, Length, ParamId, Policy, TypeId, Until};
use std::collections::BTreeSet;

/// `via` and `from`: where a field is read aside.
#[derive(Debug, Clone)]
pub struct Aside {
    /// The offset from the start of the place.
    pub offset: Expr,
    /// The place.
    pub from: From,
}

/// The place that something is read aside from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The struct, named or inline, that holds the field.
    This,
    /// A param of type `place`.
    Param(ParamId),
}

/// `lazy`: elements of constant size that are not held, but read one by one when they are asked for.
#[derive(Debug, Clone)]
pub struct Lazy {
    /// How many there are.
    pub count: Expr,
    /// What each element is; its arguments know their `index`.
    pub element: Content,
}

/// How many bytes something takes that is read aside: known before it is read.
#[derive(Debug, Clone, Copy)]
pub enum Extent<'f> {
    /// As the expression says.
    Expr(&'f Expr),
    /// Always the same.
    Const(u64),
    /// So many elements, of so many bytes each.
    Elements(&'f Expr, u64),
}

impl Field {
    /// How many bytes a field takes, where that is known before it is read.
    #[must_use]
    pub fn extent(&self, format: &Format) -> Option<Extent<'_>> {
        if let Some(window) = &self.window {
            return Some(Extent::Expr(&window.size));
        }
        match (&self.content, self.repeat.as_ref().map(|r| &r.until)) {
            (Content::Lazy(lazy), _) => {
                Some(Extent::Elements(&lazy.count, crate::resolve::content_size(format, &lazy.element).fixed()?))
            }
            (content, None) => content.extent(format),
            (content, Some(Until::Count(n))) => {
                Some(Extent::Elements(n, crate::resolve::content_size(format, content).fixed()?))
            }
            _ => None,
        }
    }
}

impl Field {
    /// Whether nothing else can be read aside from the same range, since a part of its value stays in the source.
    #[must_use]
    pub fn is_alone(&self, format: &Format) -> bool {
        stays(format, self, &mut BTreeSet::new())
    }
}

/// Whether a field's value, or one in it, is or holds a range of the source.
fn stays(format: &Format, field: &Field, seen: &mut BTreeSet<TypeId>) -> bool {
    let policies = [field.at.as_ref().map(|at| at.gap), field.window.as_ref().map(|w| w.slack)];
    if policies.contains(&Some(Policy::Keep)) || matches!(field.content, Content::Blob(_) | Content::Lazy(_)) {
        return true;
    }
    let Some(id) = field.type_id().filter(|id| seen.insert(*id)) else { return false };
    let ty = format.ty(id);
    let own = ty.as_struct().map(|s| s.window.as_ref().map_or(s.slack, |w| w.slack));
    own == Some(Policy::Keep) || crate::resolve::fields(&ty.body).into_iter().any(|f| stays(format, f, seen))
}

impl Content {
    fn extent(&self, format: &Format) -> Option<Extent<'_>> {
        match self {
            Self::Bytes(length)
            | Self::Utf8(length)
            | Self::Utf16(length)
            | Self::Blob(length)
            | Self::Zero(length) => match length {
                Length::Const(n) => Some(Extent::Const(*n)),
                Length::Expr(e) => Some(Extent::Expr(e)),
                Length::Rest | Length::Told(_) => None,
            },
            _ => crate::resolve::content_size(format, self).fixed().map(Extent::Const),
        }
    }
}
