//! Nested device states: they are told that they are, so that they end in a sentinel.

use super::States;
use super::build::At;
use super::marker::goes_on;
use crate::source::Span;
use crate::syntax::ast::{Content, FieldDecl, Options};
use crate::syntax::expr::{Expr, ExprKind};

/// The param by which a state is told that it is nested.
pub(super) const NESTED: &str = "nested";

/// Tells the states that these fields hold, of which each ends in a sentinel, unless it is an element with a marker before it,
/// or a part of such an element.
pub(super) fn tell(fields: &mut [FieldDecl], states: &States) {
    for field in fields {
        tell_content(&mut field.content, &mut field.options, states);
    }
}

fn tell_content(content: &mut Content, options: &mut Options, states: &States) {
    if goes_on(options) {
        return;
    }
    match content {
        Content::Type(of) if states.types.contains(&of.value.name) => {
            options.with.push((At(of.span).text(NESTED), yes(of.span)));
        }
        Content::Fields(fields) => tell(fields, states),
        Content::Switch(switch) => {
            for case in switch.cases.iter_mut().chain(&mut switch.default) {
                tell_content(&mut case.content, &mut case.options, states);
            }
        }
        _ => {}
    }
}

fn yes(span: Span) -> Expr {
    Expr { kind: ExprKind::Name("true".to_owned()), span, text: "true".to_owned() }
}
