//! Parts of integers.

use super::draft::{Member, PartShape, Shape};
use super::scope::{Scope, shape_ty};
use super::{Resolver, text};
use crate::diagnostic::Code;
use crate::emit::names::snake;
use crate::model::{Part, PartKind, Place, Root, TypeId};
use crate::syntax::ast::{Mismatch, Options};

/// The parts of a bits type of so many bits.
pub(super) fn parts(r: &mut Resolver<'_>, id: TypeId, bits: u32, members: &[Member<'_>]) -> Vec<Part> {
    let mut out = Vec::new();
    let mut shift = 0_u32;
    let before = r.out.len();
    for member in members {
        if let Some(part) = part(r, id, member, shift) {
            shift = shift.saturating_add(part.width);
            out.push(part);
        }
    }
    let broken = bits == 0 || r.faulty || members.iter().any(|m| m.shape == Shape::Poison);
    if shift != bits && !broken && r.out.len() == before {
        let span = r.draft(id).span;
        let message = format!("the parts have {shift} bits, the integer has {bits}");
        r.error(Code::BitsSum, &message, span, "in this type");
    }
    out
}

fn part(r: &mut Resolver<'_>, id: TypeId, member: &Member<'_>, shift: u32) -> Option<Part> {
    let Shape::Part(width, shape) = member.shape else { return None };
    let field = member.id?;
    plain(r, member);
    let keep = member.options.mismatch.as_ref().is_some_and(|m| m.value == Mismatch::Keep);
    if keep && member.name.value == "_" {
        r.error(Code::KeepUnnamed, "`_` cannot be kept", member.name.span, "give it a name");
    }
    let kind = match shape {
        PartShape::UInt => PartKind::UInt,
        PartShape::Bool => PartKind::Bool,
        PartShape::Enum(id) => PartKind::Enum(id),
        PartShape::Zero if keep => PartKind::ZeroKept,
        PartShape::Zero => PartKind::Zero,
    };
    let ty = shape_ty(member.shape)?;
    let it = Some((Place { root: Root::Field(field), steps: Vec::new() }, ty));
    let scope = Scope::whole(id, it);
    let o = member.options;
    Some(Part {
        name: member.name.value.clone(),
        rust: snake(&member.name.value),
        doc: text(o.doc.as_ref()),
        site: r.site(member.name.span),
        written: super::fields::written(member),
        shift,
        width,
        kind,
        valid: r.hard_rules(&scope, &o.valid, Some((field, o))),
        expect: r.soft_rules(&scope, &o.expect, field),
        class: o.class.as_ref().map(|c| c.value),
        say: text(o.say.as_ref()),
        unknown: r.own_keep(o, member.shape),
    })
}

/// Parts have no place, presence or length of their own.
fn plain(r: &mut Resolver<'_>, member: &Member<'_>) {
    let Options { count, until, while_, each, if_, since, before, size, at, via, value, .. } = member.options;
    let exprs = [count, until, while_, if_, size, at, via, value];
    let expr = exprs.into_iter().flatten().next().map(|e| e.span).or(each.as_ref().map(|e| e.span));
    let version = since.as_ref().or(before.as_ref()).map(|s| s.span);
    if let Some(span) = expr.or(version) {
        r.error(
            Code::BitsContent,
            "parts of an integer are always there, and only once",
            span,
            "not for a part of `bits`",
        );
    }
}
