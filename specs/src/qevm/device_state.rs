//! The state of a device as the stream's own description says it is laid out.
//!
//! A vmstate has no tags and no lengths. What is in it, and where it ends, is known to QEMU, to a spec, or to the description at
//! the end of the stream. [`decode`] takes a state apart with the last of these, so it knows every device; what it cannot know
//! are the insides of fields that a device writes by hand.

mod decode;
mod framing;
mod leaf;
mod released;
mod subsections;

pub use decode::{decode, decode_other, expected_length};
pub use framing::{Framing, SubsectionHead};
pub use leaf::{Leaf, LeafType};
pub use released::Released;
pub use subsections::Subsections;

use super::schema::{Field, Vmsd};
use alloc::vec::Vec;

/// A vmstate: its fields and the subsections behind them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Body<'a> {
    /// Its description.
    pub vmsd: &'a Vmsd<'a>,
    /// Where it starts.
    pub offset: u64,
    /// All its bytes, with those of its subsections.
    pub bytes: &'a [u8],
    /// The fields, one for each entry of the description: an array may have several.
    pub members: Vec<Member<'a>>,
    /// The subsections. Their bytes do not include the head.
    pub subsections: Vec<Self>,
}

/// What an entry of a description stands for: a field, or a run of elements of one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Member<'a> {
    /// Its description.
    pub field: &'a Field<'a>,
    /// Where it starts.
    pub offset: u64,
    /// All its bytes.
    pub bytes: &'a [u8],
    /// What they mean.
    pub value: Value<'a>,
}

/// What the bytes of a member mean. Everything is a list, mostly of one.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// Values with nothing inside, all of `field.size` bytes; see [`Member::leaf`].
    Leaves(LeafType),
    /// Texts with their length in front.
    Texts(Vec<&'a [u8]>),
    /// Structs.
    Structs(Vec<Body<'a>>),
    /// Lists, trees and the like.
    Inline(Vec<Inline<'a>>),
}

/// One value of a type that QEMU writes by way of a vmstate.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Inline<'a> {
    /// Where it starts.
    pub offset: u64,
    /// All its bytes.
    pub bytes: &'a [u8],
    /// What they mean.
    pub form: InlineForm<'a>,
}

/// What such a type is made of.
#[derive(Clone, Debug)]
pub enum InlineForm<'a> {
    /// One vmstate: a `tmp`, or a struct written in a version of its own.
    One(Body<'a>),
    /// Elements, each behind a marker: a `qtailq` or a `qlist`.
    List(Vec<Body<'a>>),
    /// Keys with values: a `gtree`.
    Tree(Vec<TreeNode<'a>>),
}

/// A node of a tree.
#[derive(Clone, Debug)]
pub struct TreeNode<'a> {
    /// Its key.
    pub key: TreeKey<'a>,
    /// Its value.
    pub value: Body<'a>,
}

/// The key of a node.
#[derive(Clone, Debug)]
pub enum TreeKey<'a> {
    /// A number, as it lies in the stream.
    Direct(&'a [u8]),
    /// A vmstate.
    Body(Body<'a>),
}

impl<'a> Member<'a> {
    /// How many elements there are.
    #[must_use]
    pub fn count(&self) -> usize {
        match &self.value {
            Value::Leaves(_) => usize::try_from(self.field.count()).unwrap_or(usize::MAX),
            Value::Texts(texts) => texts.len(),
            Value::Structs(bodies) => bodies.len(),
            Value::Inline(values) => values.len(),
        }
    }

    /// One of its values with nothing inside.
    #[must_use]
    pub fn leaf(&self, index: usize) -> Option<Leaf<'a>> {
        let Value::Leaves(kind) = self.value else { return None };
        let size = usize::try_from(self.field.size).ok()?;
        let start = index.checked_mul(size).filter(|_| index < self.count())?;
        let bytes = self.bytes.get(start..start.checked_add(size)?)?;
        Some(kind.value(bytes))
    }
}

impl<'a> Body<'a> {
    /// The first member of this name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member<'a>> {
        self.members.iter().find(|it| it.field.name == name)
    }

    /// The subsection of this name.
    #[must_use]
    pub fn subsection(&self, name: &str) -> Option<&Self> {
        self.subsections.iter().find(|it| it.vmsd.name == name)
    }
}
