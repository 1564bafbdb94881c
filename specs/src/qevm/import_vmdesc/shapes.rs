//! What the descriptions have: layouts, and the idstrs that lead to them.

use alloc::collections::btree_map::Entry;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

/// A layout, as a place in [`Found::states`].
pub(super) type StateId = usize;

/// All that was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The layouts; what one is made of comes before it.
    pub(super) states: Vec<State>,
    /// What is the state of a device with such an idstr, in the order found; mostly one layout.
    pub(super) cases: Vec<(String, Vec<StateId>)>,
    /// Where a case is in `cases`.
    pub(super) labels: BTreeMap<String, usize>,
    /// The layouts that each of the cases has.
    pub(super) led: BTreeSet<(usize, StateId)>,
    /// Where a layout is in `states`, by name and version.
    pub(super) known: BTreeMap<(String, u32, Vec<Shape>), StateId>,
}

/// A layout of a vmstate.
#[derive(Debug, Default)]
pub(super) struct State {
    /// What QEMU calls it; empty for a device that writes its state by hand.
    pub(super) name: String,
    pub(super) version: u32,
    /// The lowest version that it describes too.
    pub(super) oldest: u32,
    pub(super) fields: Vec<Field>,
    pub(super) subsections: Subsections,
    /// Whether it is a part of another one.
    pub(super) nested: bool,
    /// Whether another layout describes it now.
    pub(super) merged: bool,
}

/// A field of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// What QEMU calls it.
    pub(super) name: String,
    /// What other descriptions call it.
    pub(super) was: BTreeSet<String>,
    pub(super) shape: Shape,
    /// The versions in which it came: it was not there in the first, and was in the second.
    pub(super) since: Option<(u32, u32)>,
}

/// What there is of a field in the bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shape {
    /// Which element it is, where those of one array are of several kinds.
    pub(super) index: Option<u64>,
    /// How many there are, where it is a list.
    pub(super) count: Option<u64>,
    pub(super) kind: Kind,
}

/// The shapes of fields. Layouts with the same are the same, whatever their fields are called.
pub(super) fn shapes(fields: &[Field]) -> Vec<Shape> {
    fields.iter().map(|it| it.shape.clone()).collect()
}

/// Takes over the names that fields of the same shapes have in a later description.
pub(super) fn rename(fields: &mut [Field], later: Vec<Field>) {
    for (field, later) in fields.iter_mut().zip(later) {
        let known = core::mem::replace(&mut field.name, later.name);
        field.was.extend([known].into_iter().chain(later.was));
        field.was.remove(&field.name);
    }
}

/// What a field is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Nothing inside: QEMU's name of the type, and its bytes.
    Leaf(String, u64),
    /// A null pointer.
    Null,
    /// Pointers of which some are null.
    Nullable(StateId),
    State(StateId),
    /// A struct in a version that its user names.
    Versioned(StateId, u32),
    /// A struct that QEMU makes up for the stream.
    Temporary(StateId),
    /// Elements with markers; of an empty list nobody knows what they are.
    List(Option<StateId>),
    /// Nodes with markers: their keys where those are no numbers, and their values.
    Tree(Option<(Option<StateId>, StateId)>),
    /// Elements of several kinds, of which the first is given: QEMU has no such list.
    Mixed(StateId),
}

/// The subsections of a layout, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Subsections(pub(super) BTreeMap<String, Subsection>);

impl Subsections {
    /// Adds what is not known yet. What is known with other fields is marked.
    pub(super) fn join(&mut self, others: Self) {
        for (name, other) in others.0 {
            match self.0.entry(name) {
                Entry::Vacant(place) => _ = place.insert(other),
                Entry::Occupied(place) => place.into_mut().join(other),
            }
        }
    }
}

impl Subsection {
    fn join(&mut self, other: Self) {
        if self.version == other.version && shapes(&self.fields) == shapes(&other.fields) {
            rename(&mut self.fields, other.fields);
            self.differs |= other.differs;
            self.subsections.join(other.subsections);
        } else {
            self.differs = true;
        }
    }
}

/// A subsection of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subsection {
    pub(super) version: u32,
    pub(super) fields: Vec<Field>,
    pub(super) subsections: Subsections,
    /// Whether it was also found with other fields.
    pub(super) differs: bool,
}
