//! A device state: a type that is told its version, whose subsections follow its fields, and a sentinel where it is nested.

use super::States;
use super::build::At;
use super::nested::{self, NESTED};
use super::subsections;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Spanned;
use crate::syntax::ast::{
    Class, FieldDecl, ParamDecl, RuleDecl, SentinelRule, SubsectionDecl, TypeBody, TypeDecl, Versions, VmstateDecl,
};
use crate::syntax::expr::BinaryOp;

/// What every state is told.
pub(super) const VERSION: &str = "version";

/// The type, and those of its subsections.
pub(super) fn lowered(mut decl: TypeDecl, states: &States, diagnostics: &mut Diagnostics) -> Vec<TypeDecl> {
    let Some(state) = decl.vmstate.take() else { return vec![decl] };
    let at = At(state.name.span);
    let Some(rules) = &states.rules else {
        let d =
            Diagnostic::new(Code::NeedsKey, "a device state, and no rules about them", state.name.span, "not known");
        diagnostics.push(d.hint("give the file `vmstate: {subsection: {tag: BYTE, version: u32}}`"));
        return vec![decl];
    };
    let TypeBody::Fields(fields) = &mut decl.body else {
        let message = "a device state has fields, not bits";
        diagnostics.push(Diagnostic::new(Code::DoesNotFit, message, state.name.span, "does not fit `bits`"));
        return vec![decl];
    };
    if rules.sentinel.is_some() {
        nested::tell(fields, states);
    }
    fields.extend(subsections::field(rules, &decl.name.value, &state));
    let ends = rules.sentinel.as_ref().filter(|_| states.types.contains(&decl.name.value));
    fields.extend(ends.map(|rule| sentinel(at, rule)));
    decl.params.extend(params(at, ends, &state.versions));
    decl.version = Some(at.name(VERSION));
    decl.require.insert(0, in_range(at, &state.versions));
    let mut out = Vec::new();
    if !state.subsections.is_empty() {
        out.push(subsections::element(rules, &decl, &state));
    }
    for subsection in state.subsections {
        let held = of_subsection(&decl, subsection, &state.name);
        out.extend(lowered(held, states, diagnostics));
    }
    out.insert(0, decl);
    out
}

fn params(at: At, ends: Option<&SentinelRule>, versions: &Versions) -> Vec<ParamDecl> {
    let param = |name: &str, (kind, doc): (&str, &str), default| ParamDecl {
        name: at.text(name),
        kind: at.text(kind),
        doc: Some(at.text(doc)),
        default: Some(default),
    };
    let nested = ends.map(|_| param(NESTED, ("bool", "Whether it stands in another state."), at.name("false")));
    [param(VERSION, ("u32", "The version of the state."), at.int(versions.current.value))]
        .into_iter()
        .chain(nested)
        .collect()
}

/// The versions that can be read.
fn in_range(at: At, versions: &Versions) -> RuleDecl {
    let (low, high) = (versions.minimum.value, versions.current.value);
    let version = at.name(VERSION);
    let that = match (low, high) {
        _ if low == high => at.binary(BinaryOp::Equal, "==", version, at.int(high)),
        (0, _) => at.binary(BinaryOp::AtMost, "<=", version, at.int(high)),
        _ => at.within(version, low, high),
    };
    RuleDecl { that, class: Some(Spanned::new(Class::Unsupported, at.0)), say: None }
}

fn sentinel(at: At, rule: &SentinelRule) -> FieldDecl {
    let nested = at.name(NESTED);
    let that = match &rule.when {
        Some(when) => at.binary(BinaryOp::And, "and", nested, when.clone()),
        None => nested,
    };
    at.byte("sentinel", rule.byte.value, Some(that))
}

/// A subsection as a state of its own.
fn of_subsection(of: &TypeDecl, decl: SubsectionDecl, prefix: &Spanned<String>) -> TypeDecl {
    let name = subsections::type_name(&of.name.value, &prefix.value, &decl.name.value);
    let plain = At(decl.name.span).plain_type(name, of.endian.clone(), decl.fields);
    let state = VmstateDecl { name: decl.name, versions: decl.versions, subsections: decl.subsections };
    TypeDecl {
        require: decl.require,
        remember: decl.remember,
        doc: decl.doc,
        refs: decl.refs,
        was: decl.was,
        vmstate: Some(state),
        ..plain
    }
}
