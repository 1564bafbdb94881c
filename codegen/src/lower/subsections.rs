//! Subsections: a list that goes on while one follows, each told by its name.

use super::build::At;
use super::vmstate::VERSION;
use crate::source::Spanned;
use crate::syntax::ast::{
    CaseDecl, Content, FieldDecl, Options, SubsectionDecl, SubsectionRule, SwitchDecl, TypeDecl, VmstateDecl,
    VmstateRules,
};
use crate::syntax::expr::BinaryOp;

/// The field behind the fields of a state: its subsections, or where it has none, that none follows.
pub(super) fn field(rules: &VmstateRules, of: &str, state: &VmstateDecl) -> Option<FieldDecl> {
    let at = At(state.name.span);
    let tag = u8::try_from(rules.subsection.tag.value).ok()?;
    let follows = at.follows(tag, &state.name.value);
    if state.subsections.is_empty() {
        let options = Options { unlike: Some(follows), ..Options::default() };
        return Some(at.field("subsections", at.type_with("zero", Some(at.int(0))), options));
    }
    let options = Options { while_: Some(follows), ..Options::default() };
    Some(at.field("subsections", at.of_type(&element_name(of)), options))
}

/// The type of an element of that list.
pub(super) fn element(rules: &VmstateRules, of: &TypeDecl, state: &VmstateDecl) -> TypeDecl {
    let at = At(state.name.span);
    let fields = vec![
        at.byte("tag", rules.subsection.tag.value, None),
        at.field("name", at.type_with("pstr", Some(at.name("u8"))), Options::default()),
        at.field(VERSION, at.of_type(&rules.subsection.version.value), Options::default()),
        at.field("state", Content::Switch(Box::new(switch(at, rules, &of.name.value, state))), Options::default()),
    ];
    at.plain_type(element_name(&of.name.value), of.endian.clone(), fields)
}

fn element_name(of: &str) -> String {
    format!("{of}.subsection")
}

fn switch(at: At, rules: &VmstateRules, of: &str, state: &VmstateDecl) -> SwitchDecl {
    let cases = state.subsections.iter().map(|decl| case(&rules.subsection, (of, &state.name.value), decl));
    SwitchDecl { on: at.name("name"), cases: cases.collect(), default: None, open: true }
}

fn case(rule: &SubsectionRule, (of, prefix): (&str, &str), decl: &SubsectionDecl) -> CaseDecl {
    let at = At(decl.name.span);
    let version = match &rule.version_bits {
        Some(bits) if bits.value < 64 => {
            let mask = (1_u64 << bits.value).saturating_sub(1);
            at.binary(BinaryOp::BitAnd, "&", at.name(VERSION), at.int(mask))
        }
        _ => at.name(VERSION),
    };
    let options = Options { with: vec![(at.text(VERSION), version)], ..Options::default() };
    let name = Spanned::new(own_name(prefix, &decl.name.value), decl.name.span);
    let content = at.of_type(&type_name(of, prefix, &decl.name.value));
    CaseDecl { label: decl.name.clone(), name: Some(name), content, options, span: decl.name.span }
}

/// The type of a subsection: a path, as that of an inline type.
pub(super) fn type_name(of: &str, prefix: &str, name: &str) -> String {
    format!("{of}.{}", own_name(prefix, name))
}

/// What a subsection adds to the name of its state, as a name.
fn own_name(prefix: &str, name: &str) -> String {
    let own = name.strip_prefix(prefix).unwrap_or(name).trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let own: String = own.chars().map(word).collect();
    if own.starts_with(|c: char| c.is_ascii_lowercase()) { own } else { format!("n{own}") }
}
