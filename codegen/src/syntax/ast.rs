//! What was written: one spec file, every part with its place. Nothing is looked up or worked out here.

mod class;
mod copies;
mod given;
mod journal;
mod list;
mod policy;
mod state;
mod vmstate;

pub use class::Class;
pub use copies::CopiesDecl;
pub use given::{ExternDecl, InputDecl};
pub use journal::{ApplyDecl, JournalDecl};
pub use list::{Disjoint, EachDecl};
pub use policy::{Mismatch, Policy};
pub use state::{RememberDecl, RememberValues, StateDecl, StateHolds};
pub use vmstate::{MarkerDecl, SentinelRule, SubsectionDecl, SubsectionRule, Versions, VmstateDecl, VmstateRules};

use super::expr::Expr;
use super::yaml::Node;
use crate::source::{FileId, Span, Spanned};

/// One spec file.
#[derive(Debug, Clone)]
pub struct SpecFile {
    /// The file.
    pub file: FileId,
    /// `format`: who the spec is about; absent in a file that others use.
    pub format: Option<FormatDecl>,
    /// `root`: the type a file of this format starts with.
    pub root: Option<Spanned<String>>,
    /// `roots`: more types to start from.
    pub roots: Vec<Spanned<String>>,
    /// `endian` for every type without one of its own.
    pub endian: Option<EndianDecl>,
    /// `consts`, in order.
    pub consts: Vec<ConstDecl>,
    /// `enums`, in order.
    pub enums: Vec<EnumDecl>,
    /// `flags`, in order.
    pub flags: Vec<FlagsDecl>,
    /// `types`, in order.
    pub types: Vec<TypeDecl>,
    /// `state`, in order.
    pub state: Vec<StateDecl>,
    /// `vmstate`: how subsections and the ends of nested states are told.
    pub vmstate: Option<VmstateRules>,
    /// `inputs`, in order.
    pub inputs: Vec<InputDecl>,
    /// `externs`, in order.
    pub externs: Vec<ExternDecl>,
    /// `examples`, in order.
    pub examples: Vec<ExampleDecl>,
    /// `use`: other files, as written.
    pub uses: Vec<Spanned<String>>,
    /// `extend`: more cases for `type.field`.
    pub extends: Vec<ExtendDecl>,
    /// Names of declarations that were left out, since they have been reported; `*` stands for any name. What names
    /// them is not wrong.
    pub lost: Vec<String>,
    /// Top-level keys of the language that are not generated yet.
    pub later: Vec<Spanned<String>>,
}

/// `format`.
#[derive(Debug, Clone)]
pub struct FormatDecl {
    /// `id`, also the name of the generated module.
    pub id: Spanned<String>,
    /// `title`.
    pub title: Option<Spanned<String>>,
    /// `doc`.
    pub doc: Option<Spanned<String>>,
    /// `refs`: where the facts come from.
    pub refs: Vec<Spanned<String>>,
}

/// A byte order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `le`
    Little,
    /// `be`
    Big,
}

/// `endian`.
#[derive(Debug, Clone)]
pub enum EndianDecl {
    /// `le` or `be`.
    Fixed(Spanned<Order>),
    /// An expression whose value is `le` or `be`.
    Expr(Expr),
    /// `{try: [le, be], where: condition}`.
    Try {
        /// The orders, in the order they are tried.
        orders: Vec<Spanned<Order>>,
        /// What holds in the right one.
        condition: Expr,
        /// The whole mapping.
        span: Span,
    },
}

/// One of `consts`.
#[derive(Debug, Clone)]
pub struct ConstDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// Its value.
    pub value: Expr,
    /// `doc`.
    pub doc: Option<Spanned<String>>,
    /// `refs`.
    pub refs: Vec<Spanned<String>>,
}

/// `unknown`: what becomes of values that have no name.
#[derive(Debug, Clone)]
pub enum Unknown {
    /// `error`
    Error(Span),
    /// `keep`
    Keep(Span),
    /// `{keep: condition on it}`
    KeepIf(Expr),
}

/// One of `enums`.
#[derive(Debug, Clone)]
pub struct EnumDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// `repr`: an integer type, also of fewer bits (`u4`), `bytes(n)`, `guid` or `uuid`.
    pub repr: Spanned<TypeExpr>,
    /// `values`, in order.
    pub values: Vec<EnumValueDecl>,
    /// `groups`: name and members.
    pub groups: Vec<(Spanned<String>, Vec<Spanned<String>>)>,
    /// `unknown`; required.
    pub unknown: Option<Unknown>,
    /// `class` of the error for an unknown value.
    pub class: Option<Spanned<Class>>,
    /// `say`: the author's words for that error.
    pub say: Option<Spanned<String>>,
    /// `doc`.
    pub doc: Option<Spanned<String>>,
    /// `refs`.
    pub refs: Vec<Spanned<String>>,
    /// `was`: earlier names.
    pub was: Vec<Spanned<String>>,
}

/// One value of an enum.
#[derive(Debug, Clone)]
pub struct EnumValueDecl {
    /// The wire value as written: a number, characters, or a guid.
    pub key: Spanned<String>,
    /// Its name.
    pub name: Spanned<String>,
    /// `since`
    pub since: Option<Spanned<u64>>,
    /// `before`
    pub before: Option<Spanned<u64>>,
    /// `doc`
    pub doc: Option<Spanned<String>>,
}

/// One of `flags`.
#[derive(Debug, Clone)]
pub struct FlagsDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// `repr`: an unsigned integer type.
    pub repr: Spanned<TypeExpr>,
    /// `bits`, in order.
    pub bits: Vec<FlagDecl>,
    /// `groups`: name and members.
    pub groups: Vec<(Spanned<String>, Vec<Spanned<String>>)>,
    /// `unknown`; required.
    pub unknown: Option<Unknown>,
    /// `class` of the error for an unknown bit.
    pub class: Option<Spanned<Class>>,
    /// `say`: the author's words for that error.
    pub say: Option<Spanned<String>>,
    /// `doc`.
    pub doc: Option<Spanned<String>>,
    /// `refs`.
    pub refs: Vec<Spanned<String>>,
    /// `was`: earlier names.
    pub was: Vec<Spanned<String>>,
}

/// One bit of a flags type.
#[derive(Debug, Clone)]
pub struct FlagDecl {
    /// Its number, 0 for the least significant.
    pub bit: Spanned<u64>,
    /// Its name.
    pub name: Spanned<String>,
    /// `since`
    pub since: Option<Spanned<u64>>,
    /// `before`
    pub before: Option<Spanned<u64>>,
    /// `doc`
    pub doc: Option<Spanned<String>>,
}

/// One of `types`.
#[derive(Debug, Clone)]
pub struct TypeDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// `params`, in order.
    pub params: Vec<ParamDecl>,
    /// `endian`
    pub endian: Option<EndianDecl>,
    /// `version`: what `since` and `before` compare with.
    pub version: Option<Expr>,
    /// `size`
    pub size: Option<Expr>,
    /// `slack`
    pub slack: Option<Spanned<Policy>>,
    /// `max`
    pub max: Option<Expr>,
    /// `require`
    pub require: Vec<RuleDecl>,
    /// `remember`
    pub remember: Vec<RememberDecl>,
    /// `fields`, and `bits`.
    pub body: TypeBody,
    /// `class` of this type's rules.
    pub class: Option<Spanned<Class>>,
    /// `doc`
    pub doc: Option<Spanned<String>>,
    /// `refs`
    pub refs: Vec<Spanned<String>>,
    /// `was`
    pub was: Vec<Spanned<String>>,
    /// `vmstate`, with `version` and `subsections`.
    pub vmstate: Option<VmstateDecl>,
}

/// What a type is made of.
#[derive(Debug, Clone)]
pub enum TypeBody {
    /// `fields` in wire order.
    Fields(Vec<FieldDecl>),
    /// `bits: uN` with `fields`, least significant first.
    Bits {
        /// The integer that holds them.
        repr: Spanned<TypeExpr>,
        /// Its parts.
        fields: Vec<FieldDecl>,
    },
}

/// One of `params`.
#[derive(Debug, Clone)]
pub struct ParamDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// Its type: a scalar, an enum, flags, `text`, `place`.
    pub kind: Spanned<String>,
    /// `doc`, when written as a mapping `{type, doc}`.
    pub doc: Option<Spanned<String>>,
    /// What it is where nobody says. None can be written: it is for params that nobody wrote.
    pub default: Option<Expr>,
}

/// A type with its argument: `u32`, `bytes(16)`, `zero(rest)`, `pstr(u8)`.
#[derive(Debug, Clone)]
pub struct TypeExpr {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// What stands in the brackets; `rest` is the name `rest`, the type in `pstr(u8)` the name `u8`.
    pub arg: Option<Expr>,
}

/// A field.
#[derive(Debug, Clone)]
pub struct FieldDecl {
    /// Its name; `_` for one that is not kept.
    pub name: Spanned<String>,
    /// What it is.
    pub content: Content,
    /// The rest of its keys.
    pub options: Options,
    /// Its place, name and value.
    pub span: Span,
}

/// What a field, or a case, is: exactly one of these.
#[derive(Debug, Clone)]
pub enum Content {
    /// `type`
    Type(Spanned<TypeExpr>),
    /// `magic`: characters U+00..U+FF, each one byte.
    Magic(Spanned<Vec<u8>>),
    /// `fields`, or a case that is a list.
    Fields(Vec<FieldDecl>),
    /// `switch`, `cases`, `default`, `open`.
    Switch(Box<SwitchDecl>),
    /// `let`, with an enum's name in `type` where given.
    Let {
        /// The value.
        value: Expr,
        /// `type`
        of: Option<Spanned<String>>,
    },
    /// `journal`
    Journal(Box<JournalDecl>),
    /// `extern`: the name of code by hand that tells how long it is.
    Extern(Spanned<String>),
}

/// `switch`
#[derive(Debug, Clone)]
pub struct SwitchDecl {
    /// What is switched on.
    pub on: Expr,
    /// `cases`, in order.
    pub cases: Vec<CaseDecl>,
    /// `default`
    pub default: Option<CaseDecl>,
    /// `open: true`: `extend` may add cases.
    pub open: bool,
}

/// One case of a switch.
#[derive(Debug, Clone)]
pub struct CaseDecl {
    /// The value that chooses it; for `default` the key itself.
    pub label: Spanned<String>,
    /// Its own name, where written as `{name: type}`.
    pub name: Option<Spanned<String>>,
    /// What it is; a case without fields is `Fields` of none.
    pub content: Content,
    /// The rest of its keys.
    pub options: Options,
    /// Its place, label and value.
    pub span: Span,
}

/// `extend`: more cases for the open switch `target` (`type.field`).
#[derive(Debug, Clone)]
pub struct ExtendDecl {
    /// `type.field`
    pub target: Spanned<String>,
    /// The cases.
    pub cases: Vec<CaseDecl>,
}

/// A rule: a condition, or `{that, class, say}`.
#[derive(Debug, Clone)]
pub struct RuleDecl {
    /// The condition.
    pub that: Expr,
    /// The class of a failure.
    pub class: Option<Spanned<Class>>,
    /// The author's words for it.
    pub say: Option<Spanned<String>>,
}

/// The keys of a field or case that say how, when, where and under which rules.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `count`; `rest` is the name `rest`.
    pub count: Option<Expr>,
    /// `until`
    pub until: Option<Expr>,
    /// `while`
    pub while_: Option<Expr>,
    /// `each`
    pub each: Option<EachDecl>,
    /// `marker`
    pub marker: Option<MarkerDecl>,
    /// What must not follow. None can be written.
    pub unlike: Option<Expr>,
    /// `unique`: one expression or several.
    pub unique: Vec<Expr>,
    /// `disjoint`
    pub disjoint: Option<Disjoint>,
    /// `max_count`
    pub max_count: Option<Expr>,
    /// `lazy`
    pub lazy: Option<Spanned<bool>>,
    /// `if`
    pub if_: Option<Expr>,
    /// `since`
    pub since: Option<Spanned<u64>>,
    /// `before`
    pub before: Option<Spanned<u64>>,
    /// `size`
    pub size: Option<Expr>,
    /// `slack`
    pub slack: Option<Spanned<Policy>>,
    /// `at`
    pub at: Option<Expr>,
    /// `gap`
    pub gap: Option<Spanned<Policy>>,
    /// `copies`
    pub copies: Option<CopiesDecl>,
    /// `via`
    pub via: Option<Expr>,
    /// `from`: `type`, `window`, `file`, or a param.
    pub from: Option<Spanned<String>>,
    /// `value`
    pub value: Option<Expr>,
    /// `valid`
    pub valid: Vec<RuleDecl>,
    /// `expect`
    pub expect: Vec<RuleDecl>,
    /// `require`, of a case or an inline body.
    pub require: Vec<RuleDecl>,
    /// `mismatch`
    pub mismatch: Option<Spanned<Mismatch>>,
    /// `max`
    pub max: Option<Expr>,
    /// `init`
    pub init: Option<Expr>,
    /// `unknown`, instead of the enum's or flags' own.
    pub unknown: Option<Unknown>,
    /// `with`: arguments by param name.
    pub with: Vec<(Spanned<String>, Expr)>,
    /// `remember`
    pub remember: Vec<RememberDecl>,
    /// `class` of this field's rules.
    pub class: Option<Spanned<Class>>,
    /// `say`: the author's words for a failure of this field.
    pub say: Option<Spanned<String>>,
    /// `as`: the name in dumps.
    pub as_: Option<Spanned<String>>,
    /// `doc`
    pub doc: Option<Spanned<String>>,
    /// `refs`
    pub refs: Vec<Spanned<String>>,
    /// `was`
    pub was: Vec<Spanned<String>>,
}

/// One of `examples`: bytes, and what they must mean.
#[derive(Debug, Clone)]
pub struct ExampleDecl {
    /// `name`, unique in the file.
    pub name: Spanned<String>,
    /// `type`; the root when absent.
    pub of: Option<Spanned<String>>,
    /// `endian`, for a type that takes its order from the caller.
    pub endian: Option<Spanned<Order>>,
    /// `with`: arguments by param name.
    pub with: Vec<(Spanned<String>, Expr)>,
    /// `inputs`: other values than their first ones.
    pub inputs: Vec<(Spanned<String>, Expr)>,
    /// Where the bytes are.
    pub bytes: ExampleBytes,
    /// What reading them gives.
    pub expected: ExampleResult,
    /// The whole entry.
    pub span: Span,
}

/// Where an example's bytes are.
#[derive(Debug, Clone)]
pub enum ExampleBytes {
    /// `hex`: pairs of digits, white space ignored.
    Hex(Spanned<Vec<u8>>),
    /// `sample`: a file in the folder of samples.
    Sample(Spanned<String>),
}

/// What an example's bytes give.
#[derive(Debug, Clone)]
pub enum ExampleResult {
    /// `value`: what the value holds, as far as it is said.
    Value(Node),
    /// `error`: `{path, class}`.
    Error {
        /// `path`
        path: Spanned<String>,
        /// `class`
        class: Spanned<Class>,
    },
}
