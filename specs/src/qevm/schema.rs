//! The description of its devices that a stream ends with: JSON, read as a schema.
//!
//! The JSON is written for people and has its traps. A list with two elements gives the keys of a vmstate twice in one object. The
//! size of an array is that of its first element. Only those subsections are there that were sent. All of that is kept as it
//! stands, in its order; what it means for the bytes is the business of [`device_state`](super::device_state).

mod build;

use crate::runtime::Result;
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// What a stream says of itself. Borrows the JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Schema<'a> {
    /// Bytes of a page of the guest.
    pub page_size: Option<u64>,
    /// The configuration in front of the first record. Not in streams of older QEMUs, even where they have one.
    pub configuration: Option<Vmsd<'a>>,
    /// The devices, in the order of their sections.
    pub devices: Vec<Device<'a>>,
    /// Where the first device of an idstr and number is.
    places: BTreeMap<(Cow<'a, str>, u32), usize>,
}

/// A device, whose state is one section of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Device<'a> {
    /// Its idstr.
    pub name: Cow<'a, str>,
    /// Which of several with the same idstr.
    pub instance_id: u32,
    /// Its state. Where the device writes that by hand, the name is empty and there is one field, `data`.
    pub state: Vmsd<'a>,
}

/// A vmstate: fields, then subsections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vmsd<'a> {
    /// What QEMU calls it.
    pub name: Cow<'a, str>,
    /// The version that it was written in.
    pub version: u32,
    /// The fields, in the order of their bytes.
    pub fields: Vec<Field<'a>>,
    /// The subsections that were sent.
    pub subsections: Vec<Self>,
}

/// A field, or a run of elements of one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field<'a> {
    /// What QEMU calls it. All elements of an array have the same name.
    pub name: Cow<'a, str>,
    /// What QEMU calls its type.
    pub type_name: Cow<'a, str>,
    /// Bytes of it; of an array, those of its first element.
    pub size: u64,
    /// How many there are, or which of several it is.
    pub run: Run,
    /// What its type is made of.
    pub content: Content<'a>,
}

/// How many elements an entry of a description stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Run {
    /// One, and nothing says whether it is of an array.
    #[default]
    Single,
    /// One of an array, with its number.
    Index(u64),
    /// So many, all like the one described.
    Array(u64),
}

/// What a field's type is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Content<'a> {
    /// Nothing that is described.
    #[default]
    Plain,
    /// A vmstate. None for a pointer to one that is null: a QEMU before 10 gives it no description.
    Struct(Option<Box<Vmsd<'a>>>),
    /// Vmstates that a list, a tree or the like is made of, in their order.
    Inline(Vec<Vmsd<'a>>),
}

impl<'a> Schema<'a> {
    /// Reads the JSON. Offsets of errors count from its start.
    ///
    /// # Errors
    /// `truncated` and `invalid` for what is not JSON, or not such a description; `limit` for one that is nested too deeply or
    /// has more than a million fields.
    pub fn parse(json: &'a str) -> Result<Self> {
        build::schema(json)
    }

    /// The device of this idstr and number.
    #[must_use]
    pub fn device(&self, name: &str, instance_id: u32) -> Option<&Device<'a>> {
        let place = self.places.get(&(Cow::Borrowed(name), instance_id))?;
        self.devices.get(*place)
    }
}

impl<'a> Field<'a> {
    /// One value with nothing inside, of so many bytes.
    #[must_use]
    pub fn new(name: impl Into<Cow<'a, str>>, type_name: impl Into<Cow<'a, str>>, size: u64) -> Self {
        let (name, type_name) = (name.into(), type_name.into());
        Self { name, type_name, size, run: Run::Single, content: Content::Plain }
    }

    /// The same as so many elements, or as one of them.
    #[must_use]
    pub fn run(self, run: Run) -> Self {
        Self { run, ..self }
    }

    /// The same with something inside.
    #[must_use]
    pub fn content(self, content: Content<'a>) -> Self {
        Self { content, ..self }
    }

    /// How many elements it stands for.
    #[must_use]
    pub const fn count(&self) -> u64 {
        match self.run {
            Run::Single | Run::Index(_) => 1,
            Run::Array(count) => count,
        }
    }
}
