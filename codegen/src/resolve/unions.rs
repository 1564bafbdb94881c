//! Switches: tags, labels, cases.

use super::draft::{Draft, DraftCase, DraftParam, Member};
use super::scope::Scope;
use super::{Resolver, text};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::emit::names::pascal;
use crate::model::{Case, EnumId, Expr, FieldId, Label, ParamTy, Tag, Ty, TypeId, Union};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{CaseDecl, Content, SwitchDecl};

/// Types what a switch is on, and makes it the first param.
pub(super) fn tag(r: &mut Resolver<'_>, id: TypeId) {
    let Some((switch, scope)) = switch_of(r, id) else { return };
    let Some(on) = r.expr(&scope, &switch.on) else { return };
    let (tag, ty) = match &on.ty {
        Ty::Enum(e) => (Tag::Enum(*e), ParamTy::Enum(*e)),
        Ty::Bool => (Tag::Bool, ParamTy::Bool),
        Ty::Bytes => (Tag::Text, ParamTy::Text),
        Ty::Guid { mixed } => (Tag::Guid(*mixed), ParamTy::Guid(*mixed)),
        other => {
            let message = format!("`{}` is {}", on.text, r.shown(other));
            return r.error(
                Code::BadSwitch,
                &message,
                switch.on.span,
                "an enum, a condition, a text or a guid is needed",
            );
        }
    };
    let draft = r.draft_mut(id);
    draft.params.insert(
        0,
        DraftParam {
            name: "tag".into(),
            rust: "tag".into(),
            doc: Some(format!("What decides the case: `{}`.", on.text)),
            ty,
            as_ty: super::types::tag_ty(tag),
            // What is not there chooses no case: the argument then has no value.
            absent: false,
            default: None,
            captured: None,
        },
    );
    draft.tag = Some((on, tag));
}

/// The switch of an inline union, and what its expression can see.
fn switch_of<'a>(r: &Resolver<'a>, id: TypeId) -> Option<(&'a SwitchDecl, Scope)> {
    let outer = r.draft(id).outer?;
    let around: &Draft<'a> = r.draft(outer.ty);
    let content = match around.members().get(outer.member) {
        Some(member) => member.content,
        None => &around.cases().get(outer.member)?.decl.content,
    };
    match content {
        Content::Switch(switch) => Some((switch, Scope::before(outer.ty, outer.member))),
        _ => None,
    }
}

/// The union of a draft.
pub(super) fn union(r: &mut Resolver<'_>, id: TypeId) -> Union {
    let drafts: Vec<_> = r.draft(id).cases().to_vec();
    let tag = r.draft(id).tag.as_ref().map(|t| t.1);
    let labels: Vec<Option<Label>> = drafts.iter().map(|d| case_label(r, tag, d)).collect();
    let mut cases = Vec::new();
    let mut known = Vec::new();
    for (draft, label) in drafts.iter().zip(&labels) {
        if let Some(case) = case(r, id, label.clone(), draft) {
            cases.push(case);
            known.push(draft.clone());
        }
    }
    name_default(&drafts, &mut cases);
    twice(r, &known, &cases);
    if let (Some(tag), Some(labels)) = (tag, labels.into_iter().collect::<Option<Vec<_>>>()) {
        exhaustive(r, id, tag, &labels);
    }
    let require = r.require(id);
    Union { tag: tag.unwrap_or(Tag::Bool), driven: false, cases, require }
}

/// What chooses a case; nothing where that is wrong, or what is switched on is.
fn case_label(r: &mut Resolver<'_>, tag: Option<Tag>, draft: &DraftCase<'_>) -> Option<Label> {
    if draft.default { Some(Label::Default) } else { label(r, tag?, &draft.decl.label) }
}

fn case(r: &mut Resolver<'_>, id: TypeId, label: Option<Label>, draft: &DraftCase<'_>) -> Option<Case> {
    let decl = draft.decl;
    let name = decl.name.as_ref().unwrap_or(&decl.label);
    let body = match draft.shape {
        None => None,
        Some(shape) => {
            let member = Member {
                name,
                id: Some(FieldId(0)),
                content: &decl.content,
                options: &decl.options,
                span: decl.span,
                shape,
            };
            Some(Box::new(super::fields::case_body(r, id, draft.id.0, &member)?))
        }
    };
    Some(Case {
        label: label?,
        written: decl.label.value.clone(),
        rust: variant(name),
        doc: text(decl.options.doc.as_ref()),
        site: r.site(decl.label.span),
        when: when(r, id, decl),
        body,
    })
}

/// The condition of a case. Only where a tag may be anything, another case can take its place.
fn when(r: &mut Resolver<'_>, id: TypeId, decl: &CaseDecl) -> Option<Expr> {
    let written = decl.options.if_.as_ref()?;
    if decl.label.value != "default" && r.draft(id).tag.as_ref().is_some_and(|t| t.1 == Tag::Text) {
        return r.condition(&Scope::whole(id, None), written);
    }
    let d = Diagnostic::new(Code::BadSwitch, "a condition on this case", written.span, "not a case for a text");
    r.out.push(d.hint("`if` stands in cases for texts, where the `default` takes what is left"));
    None
}

/// Names the variant of a default that the spec gives no name.
fn name_default(drafts: &[DraftCase<'_>], cases: &mut [Case]) {
    if drafts.iter().any(|d| d.default && d.decl.name.is_some()) {
        return;
    }
    let (others, default): (Vec<&mut Case>, Vec<&mut Case>) = cases.iter_mut().partition(|c| c.label != Label::Default);
    let taken = |name: &str| others.iter().any(|c| c.rust == name);
    let numbered = (2_usize..).map(|n| format!("Other{n}"));
    let mut names = ["Other", "Rest", "Fallback"].into_iter().map(String::from).chain(numbered);
    let free = names.find(|name| !taken(name)).unwrap_or_default();
    for case in default {
        case.rust.clone_from(&free);
    }
}

/// The Rust name of a variant: letters and digits of the label.
fn variant(name: &Spanned<String>) -> String {
    let plain: String = name.value.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let trimmed = plain.trim_matches('_');
    if trimmed.starts_with(|c: char| c.is_ascii_digit()) { pascal(&format!("case_{trimmed}")) } else { pascal(trimmed) }
}

fn label(r: &mut Resolver<'_>, tag: Tag, written: &Spanned<String>) -> Option<Label> {
    let text = written.value.as_str();
    let label = match tag {
        Tag::Enum(id) => return enum_label(r, id, written),
        Tag::Bool => match text {
            "true" => Some(Label::Bool(true)),
            "false" => Some(Label::Bool(false)),
            _ => None,
        },
        Tag::Text => match text.strip_prefix(".../") {
            Some(ending) => Some(Label::TextEnding(ending.to_owned())),
            None => Some(Label::Text(text.to_owned())),
        },
        Tag::Guid(mixed) => guid_label(r, text, mixed),
    };
    if label.is_none() {
        let message = format!("`{text}` is never what is switched on");
        r.error(Code::UnknownCase, &message, written.span, "not a value of the tag");
    }
    label
}

fn guid_label(r: &Resolver<'_>, text: &str, mixed: bool) -> Option<Label> {
    let named = match r.consts.get(text) {
        Some(super::consts::Const::Guid(bytes)) => Some(*bytes),
        _ => None,
    };
    let bytes = named.or_else(|| super::choices::guid(text))?;
    Some(Label::Guid(if mixed { super::choices::mixed(bytes) } else { bytes }))
}

fn enum_label(r: &mut Resolver<'_>, id: EnumId, written: &Spanned<String>) -> Option<Label> {
    let of = r.enum_(id);
    if let Some(i) = of.values.iter().position(|v| v.name == written.value) {
        return Some(Label::Enum(i));
    }
    if r.is_lost(&written.value) {
        return None;
    }
    let of = r.enum_(id);
    let hint = did_you_mean(&written.value, of.values.iter().map(|v| v.name.as_str()));
    let message = format!("`{}` has no value `{}`", of.name, written.value);
    let d = Diagnostic::new(Code::UnknownCase, message, written.span, "never what is switched on");
    r.out.push(d.maybe_hint(hint));
    None
}

fn twice(r: &mut Resolver<'_>, drafts: &[DraftCase<'_>], cases: &[Case]) {
    let decls: Vec<_> = drafts.iter().map(|d| d.decl).collect();
    for (i, case) in cases.iter().enumerate() {
        let Some((first, a, b)) = earlier(&decls, cases, i, &|c| c.label == case.label && c.when.is_none()) else { continue };
        let message = format!("two cases for `{}`", case.written);
        let also = if first.written == case.written {
            "and this one".to_owned()
        } else {
            format!("`{}` is the same", first.written)
        };
        r.out.push(Diagnostic::new(Code::OverlappingCases, message, b.label.span, "this one").also(a.label.span, also));
        return;
    }
    for (i, case) in cases.iter().enumerate() {
        let Some((_, a, b)) = earlier(&decls, cases, i, &|c| c.rust == case.rust) else { continue };
        let name = |c: &CaseDecl| c.name.as_ref().unwrap_or(&c.label).clone();
        let message = format!("two cases are called `{}`", name(b).value);
        r.out.push(super::names::twice(message, name(b).span, name(a).span));
    }
}

/// The first case before the `i`th for which a condition holds, with what was written of both.
fn earlier<'c, 'd>(
    decls: &[&'d CaseDecl],
    cases: &'c [Case],
    i: usize,
    same: &dyn Fn(&Case) -> bool,
) -> Option<(&'c Case, &'d CaseDecl, &'d CaseDecl)> {
    let (at, first) = cases.iter().take(i).enumerate().find(|(_, c)| same(c))?;
    Some((first, decls.get(at)?, decls.get(i)?))
}

/// Every value has a case, or the switch has a default or is open; and a default has values left.
fn exhaustive(r: &mut Resolver<'_>, id: TypeId, tag: Tag, labels: &[Label]) {
    let Some((switch, _)) = switch_of(r, id) else { return };
    if r.faulty {
        return;
    }
    let has = |label: &Label| labels.contains(label);
    let default = has(&Label::Default);
    let missing: Vec<String> = match tag {
        Tag::Bool => [true, false].into_iter().filter(|b| !has(&Label::Bool(*b))).map(|b| b.to_string()).collect(),
        Tag::Enum(id) => {
            let of = r.enum_(id);
            let values = of.values.iter().enumerate().filter(|(i, _)| !has(&Label::Enum(*i)));
            let names: Vec<_> = values.map(|(_, v)| v.name.clone()).collect();
            if names.is_empty() && of.has_unknown { vec!["values without a name".into()] } else { names }
        }
        Tag::Text | Tag::Guid(_) => vec!["every other value".into()],
    };
    let span = switch.on.span;
    if default && missing.is_empty() {
        let at = switch.default.as_ref().map_or(span, |d| d.label.span);
        r.error(Code::UselessDefault, "the default is never taken", at, "every value has a case of its own");
    } else if !default && !switch.open && !missing.is_empty() {
        not_exhaustive(r, &missing, span);
    }
}

fn not_exhaustive(r: &mut Resolver<'_>, missing: &[String], span: Span) {
    let shown: Vec<_> = missing.iter().take(8).map(|m| format!("`{m}`")).collect();
    let more = if missing.len() > 8 { ", ..." } else { "" };
    let message = format!("no case for {}{more}", shown.join(", "));
    let d = Diagnostic::new(Code::NotExhaustive, message, span, "switched on here");
    r.out.push(d.hint("add the cases, a `default`, or `open: true` to refuse the others"));
}

/// What the tag of a content is, in the type around it.
pub(super) fn tag_arg(r: &Resolver<'_>, id: TypeId) -> Option<Expr> {
    r.draft(id).tag.as_ref().map(|t| t.0.clone())
}
