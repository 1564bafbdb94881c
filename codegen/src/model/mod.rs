//! What a spec means: complete and typed. Everything is looked up, inferred and checked; names of Rust items are fixed.
//!
//! Inline `fields` and `switch`es are types of their own here. What they see of the fields around them is handed to
//! them as params, so that every type can be read, written and emitted by itself.

mod aside;
mod choice;
mod copies;
mod example;
mod expr;
mod field;
mod given;
mod id;
mod journal;
mod magics;
mod named;
mod place;
mod rule;
mod size;
mod state;
mod ty;

pub use aside::{Aside, Extent, From, Lazy};
pub use choice::{Enum, EnumValue, Flag, Flags, Group, Keep, Key, Repr};
pub use copies::Copies;
pub use example::{Argument, Example, ExampleBytes, ExampleResult};
pub use expr::{Ahead, BinaryOp, Checksum, Expr, ExprKind, Function, Range, Ty, UnaryOp};
pub use field::{
    At, AtFrom, Content, Drive, Driver, Each, Field, Length, MOST_IN_BLOCK, Pin, PinKind, Presence, Repeat, Role,
    Scalar, Until, Window,
};
pub use given::{Extern, Input, ORIGIN, Told};
pub use id::{CaseId, EnumId, ExternId, FieldId, FlagsId, ParamId, ScopeId, TypeId};
pub use journal::{Apply, Journal};
pub use named::{Constant, ConstantValue, Let};
pub use place::{Place, Root, Step};
pub use rule::{Class, Policy, Rule};
pub use size::{Greed, Size};
pub use state::{Cell, CellKind, Remember, Scope, Table};
pub use ty::{Bits, Body, Case, Label, Order, OutsideDrive, Param, ParamTy, Part, PartKind, Struct, Tag, Type, Union};

/// Where something stands in the spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// Index into [`Format::files`].
    pub file: usize,
    /// Line, from 1.
    pub line: u32,
}

/// A format: all files of a run, merged.
#[derive(Debug, Clone)]
pub struct Format {
    /// `format.id`, the name of the generated module.
    pub id: String,
    /// `format.title`, or the id.
    pub title: String,
    /// `format.doc`.
    pub doc: Option<String>,
    /// `format.refs`.
    pub refs: Vec<String>,
    /// The files, as shown to people; the first is the spec itself.
    pub files: Vec<String>,
    /// What a file of this format starts with.
    pub root: TypeId,
    /// Further types to start from, the root not among them.
    pub roots: Vec<TypeId>,
    /// Constants, in spec order.
    pub consts: Vec<Constant>,
    /// Enums, in spec order.
    pub enums: Vec<Enum>,
    /// Flags, in spec order.
    pub flags: Vec<Flags>,
    /// Types: named ones in spec order, each followed by the inline types in it.
    pub types: Vec<Type>,
    /// State, by the type that it is for, in spec order of its first cells.
    pub scopes: Vec<Scope>,
    /// Facts that the bytes do not hold, in spec order.
    pub inputs: Vec<Input>,
    /// Code by hand that tells lengths, in spec order.
    pub externs: Vec<Extern>,
    /// Examples, in spec order.
    pub examples: Vec<Example>,
}

impl Format {
    /// An enum by id.
    #[must_use]
    pub fn enum_(&self, id: EnumId) -> &Enum {
        id.of(&self.enums)
    }

    /// A flags type by id.
    #[must_use]
    pub fn flags(&self, id: FlagsId) -> &Flags {
        id.of(&self.flags)
    }

    /// A type by id.
    #[must_use]
    pub fn ty(&self, id: TypeId) -> &Type {
        id.of(&self.types)
    }

    /// The state that starts afresh with every value of a type.
    #[must_use]
    pub fn scope_of(&self, ty: TypeId) -> Option<(ScopeId, &Scope)> {
        let found = self.scopes.iter().enumerate().find(|(_, scope)| scope.per == ty);
        found.map(|(i, scope)| (ScopeId(i), scope))
    }

    /// The byte order of a type where it is always the same: `true` is big. An inline one may have that of the type around it.
    #[must_use]
    pub fn fixed_order(&self, ty: TypeId) -> Option<bool> {
        let ty = self.ty(ty);
        match (&ty.order, ty.outer) {
            (Order::Fixed(big), _) => Some(*big),
            (Order::Context | Order::None, Some(outer)) => self.fixed_order(outer),
            _ => None,
        }
    }

    /// The format with other inputs than their first ones, by index.
    #[must_use]
    pub fn with_inputs(&self, given: &[(usize, Argument)]) -> Self {
        let mut format = self.clone();
        for (i, value) in given {
            if let Some(input) = format.inputs.get_mut(*i) {
                input.init = value.clone();
            }
        }
        format
    }

    /// A field of a struct type.
    ///
    /// # Panics
    /// Never for ids of this format: only struct types have fields.
    #[must_use]
    pub fn field(&self, ty: TypeId, field: FieldId) -> Option<&Field> {
        match &self.ty(ty).body {
            Body::Struct(s) => Some(field.of(&s.fields)),
            _ => None,
        }
    }
}
