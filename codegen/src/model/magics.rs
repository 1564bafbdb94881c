//! What values begin with, by which the type is told that a file is of.

use super::{Body, Content, Enum, Format, Key, Repr, Scalar, TypeId};

impl Format {
    /// What a value of a type begins with: its first magic, or the values of its first enum of bytes. None where nothing tells it.
    #[must_use]
    pub fn magics(&self, mut id: TypeId) -> Vec<&[u8]> {
        for _ in 0..self.types.len() {
            let Some(first) = self.ty(id).as_struct().and_then(|s| s.fields.first()) else { return Vec::new() };
            if first.presence.is_some() || first.at.is_some() || first.repeat.is_some() {
                return Vec::new();
            }
            match &first.content {
                Content::Magic(bytes) => return vec![bytes],
                Content::Scalar(Scalar::Enum(e)) => return values(e.of(&self.enums)),
                Content::Type { id: of, .. } => id = *of,
                _ => return Vec::new(),
            }
        }
        Vec::new()
    }

    /// The further roots that a file is told by: those that begin with a magic, as the root does, are read without anything
    /// given, and are not a part of something else.
    #[must_use]
    pub fn told_roots(&self) -> Vec<TypeId> {
        let is_told = |id: &TypeId| {
            let ty = self.ty(*id);
            let is_whole = ty.outer.is_none() && ty.stands_alone() && ty.has_own_order() && !ty.is_driven_outside();
            is_whole && !self.is_part(*id) && !self.magics(*id).is_empty()
        };
        if self.magics(self.root).is_empty() {
            return Vec::new();
        }
        self.roots.iter().copied().filter(is_told).collect()
    }

    /// Whether a field of some type is of this one.
    fn is_part(&self, id: TypeId) -> bool {
        self.types.iter().any(|ty| match &ty.body {
            Body::Struct(s) => s.fields.iter().any(|field| field.type_id() == Some(id)),
            Body::Union(union) => {
                union.cases.iter().filter_map(|case| case.body.as_deref()).any(|field| field.type_id() == Some(id))
            }
            Body::Bits(_) => false,
        })
    }

    /// What a file is read as that begins so: a further root whose magic that is, else the root.
    #[must_use]
    pub fn root_of(&self, head: &[u8]) -> TypeId {
        let begins = |id: &TypeId| self.magics(*id).iter().any(|magic| head.starts_with(magic));
        if begins(&self.root) {
            return self.root;
        }
        self.told_roots().into_iter().find(begins).unwrap_or(self.root)
    }
}

fn values(e: &Enum) -> Vec<&[u8]> {
    let values = e.values.iter().filter_map(|v| match (&v.key, e.repr) {
        (Key::Bytes(bytes), Repr::Bytes(_)) => Some(bytes.as_slice()),
        _ => None,
    });
    values.collect()
}
