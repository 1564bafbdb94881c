//! Who uses what: links back from a declaration to the types whose fields are of it.

use super::places::Places;
use crate::model::{Body, Content, EnumId, Field, FlagsId, PartKind, Scalar, Tag, Type, TypeId};

/// What is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Used {
    /// A type.
    Type(TypeId),
    /// An enum.
    Enum(EnumId),
    /// Flags.
    Flags(FlagsId),
}

impl Places<'_> {
    /// A line that says who uses it, and nothing where nobody does.
    #[must_use]
    pub fn used_by(&self, what: Used) -> String {
        let users = self.format.types.iter().enumerate().filter(|(_, ty)| uses(ty, what));
        let links: Vec<String> = users.map(|(i, _)| self.type_link(TypeId(i))).collect();
        if links.is_empty() { String::new() } else { format!("Used by {}.", links.join(", ")) }
    }
}

fn uses(ty: &Type, what: Used) -> bool {
    let fields = crate::resolve::fields(&ty.body);
    let by_field = fields.into_iter().any(|field| is_of(field, what));
    let by_body = match (&ty.body, what) {
        (Body::Bits(bits), Used::Enum(id)) => bits.parts.iter().any(|part| part.kind == PartKind::Enum(id)),
        (Body::Union(union), Used::Enum(id)) => union.tag == Tag::Enum(id),
        _ => false,
    };
    by_field || by_body
}

fn is_of(field: &Field, what: Used) -> bool {
    let entry = field.journal.as_ref().map(|journal| Used::Type(journal.entry));
    let content = match field.content.element() {
        Content::Type { id, .. } => Some(Used::Type(*id)),
        Content::Scalar(Scalar::Enum(id)) => Some(Used::Enum(*id)),
        Content::Scalar(Scalar::Flags(id)) => Some(Used::Flags(*id)),
        _ => None,
    };
    entry == Some(what) || content == Some(what)
}
