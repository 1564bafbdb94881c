//! A type's fields as a table, for documentation, dumps and snapshots.

/// Where a field's value lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// In the struct.
    Held,
    /// Computed on write from another field, and absent from the struct.
    Driven,
    /// Fixed by the spec, and absent from the struct.
    Pinned,
}

/// One field as it lies on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name on the wire.
    pub name: &'static str,
    /// Type, as the spec writes it.
    pub kind: &'static str,
    /// Offset in bytes from the start of the type, where it is constant.
    pub offset: Option<u64>,
    /// Size in bytes, where it is constant.
    pub size: Option<u64>,
    /// Line in the spec.
    pub line: u32,
    /// Where the value lives.
    pub role: Role,
    /// The first version that has the field.
    pub since: Option<u64>,
    /// The first version that no longer has it.
    pub before: Option<u64>,
    /// Where its copies start, in bytes from the start of the type; empty for a field without copies.
    pub copies: &'static [u64],
}

impl Field {
    /// A field at a constant place; offset and size in bytes.
    #[must_use]
    pub const fn at(offset: u64, size: u64, name: &'static str, kind: &'static str, line: u32) -> Self {
        Self { offset: Some(offset), size: Some(size), ..Self::variable(name, kind, line) }
    }

    /// A field that starts at a constant offset, in bytes, and whose size depends on the value.
    #[must_use]
    pub const fn starting(offset: u64, name: &'static str, kind: &'static str, line: u32) -> Self {
        Self { offset: Some(offset), ..Self::variable(name, kind, line) }
    }

    /// A field whose place depends on the value.
    #[must_use]
    pub const fn variable(name: &'static str, kind: &'static str, line: u32) -> Self {
        Self { name, kind, offset: None, size: None, line, role: Role::Held, since: None, before: None, copies: &[] }
    }

    /// The same, computed on write.
    #[must_use]
    pub const fn driven(mut self) -> Self {
        self.role = Role::Driven;
        self
    }

    /// The same, fixed by the spec.
    #[must_use]
    pub const fn pinned(mut self) -> Self {
        self.role = Role::Pinned;
        self
    }

    /// The same, there from version `v` on.
    #[must_use]
    pub const fn since(mut self, v: u64) -> Self {
        self.since = Some(v);
        self
    }

    /// The same, gone from version `v` on.
    #[must_use]
    pub const fn before(mut self, v: u64) -> Self {
        self.before = Some(v);
        self
    }

    /// The same, with copies at these offsets in bytes from the start of the type.
    #[must_use]
    pub const fn copies(mut self, at: &'static [u64]) -> Self {
        self.copies = at;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builders_are_constant() {
        const FIELD: Field = Field::at(4, 2, "len", "u16", 9).driven().since(2).before(5);
        assert_eq!((FIELD.offset, FIELD.size, FIELD.role), (Some(4), Some(2), Role::Driven));
        assert_eq!((FIELD.since, FIELD.before), (Some(2), Some(5)));
        let starting = Field::starting(4, "x", "cstr", 1).pinned();
        assert_eq!((starting.offset, starting.size, starting.role), (Some(4), None, Role::Pinned));
    }
}
