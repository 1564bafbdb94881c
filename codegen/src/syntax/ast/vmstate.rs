//! Device states: their versions, and the subsections that may follow the fields.

use super::{FieldDecl, RememberDecl, RuleDecl};
use crate::source::{Span, Spanned};
use crate::syntax::expr::Expr;

/// `vmstate` of a file: how subsections and the ends of nested states are told.
#[derive(Debug, Clone)]
pub struct VmstateRules {
    /// `subsection`
    pub subsection: SubsectionRule,
    /// `sentinel`
    pub sentinel: Option<SentinelRule>,
    /// The key.
    pub span: Span,
}

/// What is in front of a subsection.
#[derive(Debug, Clone)]
pub struct SubsectionRule {
    /// The byte that it begins with.
    pub tag: Spanned<u64>,
    /// The type of its version.
    pub version: Spanned<String>,
    /// How many of the low bits of that count; all when not said.
    pub version_bits: Option<Spanned<u64>>,
}

/// What is behind a nested state.
#[derive(Debug, Clone)]
pub struct SentinelRule {
    /// The byte.
    pub byte: Spanned<u64>,
    /// When it is there; always when not said.
    pub when: Option<Expr>,
}

/// `vmstate` of a type.
#[derive(Debug, Clone)]
pub struct VmstateDecl {
    /// Its name in the stream: the subsections whose names begin with it are its own.
    pub name: Spanned<String>,
    /// `version`
    pub versions: Versions,
    /// `subsections`, in order.
    pub subsections: Vec<SubsectionDecl>,
}

/// `version` of a device state: the versions that can be read.
#[derive(Debug, Clone)]
pub struct Versions {
    /// The highest, and the one that is meant where none is said.
    pub current: Spanned<u64>,
    /// The lowest.
    pub minimum: Spanned<u64>,
}

/// One of `subsections`.
#[derive(Debug, Clone)]
pub struct SubsectionDecl {
    /// Its name in the stream.
    pub name: Spanned<String>,
    /// `version`
    pub versions: Versions,
    /// `fields`, in order.
    pub fields: Vec<FieldDecl>,
    /// `subsections` of its own.
    pub subsections: Vec<SubsectionDecl>,
    /// `require`
    pub require: Vec<RuleDecl>,
    /// `remember`
    pub remember: Vec<RememberDecl>,
    /// `doc`
    pub doc: Option<Spanned<String>>,
    /// `refs`
    pub refs: Vec<Spanned<String>>,
    /// `was`
    pub was: Vec<Spanned<String>>,
}

/// `marker`: bytes that say whether an element is there.
#[derive(Debug, Clone)]
pub struct MarkerDecl {
    /// `none`: the byte instead of an element.
    pub none: Option<Spanned<u64>>,
    /// `some`: the byte before an element, beside `none`.
    pub some: Option<Spanned<u64>>,
    /// `more`: the byte before each element.
    pub more: Option<Spanned<u64>>,
    /// `end`: the byte behind the last one, beside `more`.
    pub end: Option<Spanned<u64>>,
    /// The key.
    pub span: Span,
}
