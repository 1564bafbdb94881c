//! The subsections that a description has anywhere, by the states that they are of.

use crate::qevm::schema::{Content, Schema, Vmsd};
use alloc::collections::BTreeMap;

/// The subsections of all states of a schema. A description has only those that were sent with its own stream; in another one
/// each of them may be missing, and one that was sent with one state may be there with another state of the same name.
#[derive(Clone, Debug, Default)]
pub struct Subsections<'a>(BTreeMap<(&'a str, &'a str), &'a Vmsd<'a>>);

impl<'a> Subsections<'a> {
    /// Of all devices of a schema. Where it has one of a name twice for states of one name, the first counts.
    #[must_use]
    pub fn of(schema: &'a Schema<'a>) -> Self {
        let mut all = Self::default();
        schema.devices.iter().for_each(|device| all.add(&device.state));
        all
    }

    /// The subsection of this name of a state: that of its own description, or that of another one of the same name.
    #[must_use]
    pub fn find(&self, state: &'a Vmsd<'a>, name: &[u8]) -> Option<&'a Vmsd<'a>> {
        let name = core::str::from_utf8(name).ok()?;
        let own = state.subsections.iter().find(|it| it.name == name);
        own.or_else(|| self.0.get(&(&*state.name, name)).copied())
    }

    /// How deep this goes is bounded by the JSON reader.
    fn add(&mut self, vmsd: &'a Vmsd<'a>) {
        for subsection in &vmsd.subsections {
            self.0.entry((&vmsd.name, &subsection.name)).or_insert(subsection);
            self.add(subsection);
        }
        for field in &vmsd.fields {
            match &field.content {
                Content::Struct(Some(inner)) => self.add(inner),
                Content::Inline(parts) => parts.iter().for_each(|part| self.add(part)),
                Content::Struct(None) | Content::Plain => {}
            }
        }
    }
}
