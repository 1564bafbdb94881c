//! Indices into the arenas of a format. An id is only made for an item that is there.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub usize);

        impl $name {
            /// The item of this id.
            #[allow(clippy::indexing_slicing, reason = "ids are made together with their items")]
            pub fn of<T>(self, arena: &[T]) -> &T {
                &arena[self.0]
            }

            /// The item of this id, to change.
            #[allow(clippy::indexing_slicing, reason = "ids are made together with their items")]
            pub fn of_mut<T>(self, arena: &mut [T]) -> &mut T {
                &mut arena[self.0]
            }
        }
    )* };
}

ids! {
    /// An enum of a format.
    EnumId
    /// A flags type of a format.
    FlagsId
    /// A type of a format.
    TypeId
    /// A field of a struct, or a part of a bits type.
    FieldId
    /// A case of a switch; the default case comes after the others.
    CaseId
    /// A param of a type.
    ParamId
    /// The state of a type.
    ScopeId
    /// An extern of a format.
    ExternId
}
