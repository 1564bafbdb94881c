//! `let`s: named values that take no bytes.

use super::Resolver;
use super::draft::Member;
use super::scope::Scope;
use super::{text, texts};
use crate::diagnostic::Code;
use crate::emit::names::snake;
use crate::model::{Expr, ExprKind, Function, Let, Rule, Ty, TypeId};
use crate::syntax::ast::Content;

/// A `let` of a struct. One that nothing uses is typed too, so that its faults are reported.
pub(super) fn named(r: &mut Resolver<'_>, id: TypeId, i: usize, member: &Member<'_>) -> Option<Let> {
    if r.out.iter().any(|d| member.span.contains(d.primary.span)) {
        return None;
    }
    let value = r.let_value(&Scope::before(id, i), id, i, member)?;
    Some(Let {
        name: member.name.value.clone(),
        rust: snake(&member.name.value),
        doc: text(member.options.doc.as_ref()),
        refs: texts(&member.options.refs),
        value,
        site: r.site(member.name.span),
    })
}

impl Resolver<'_> {
    /// Rules that a number which a `let` takes for an enum is one of its values, where the enum keeps no other.
    pub(super) fn let_rules(&mut self, id: TypeId, members: &[Member<'_>]) -> Vec<Rule> {
        let lets = members.iter().enumerate().filter(|(_, m)| m.id.is_none());
        lets.filter_map(|(i, m)| self.let_rule(id, i, m)).collect()
    }

    fn let_rule(&mut self, id: TypeId, i: usize, member: &Member<'_>) -> Option<Rule> {
        let Content::Let { value, of: Some(of) } = member.content else { return None };
        let e = self.names.enums.get(&of.value).copied()?;
        if self.enum_(e).has_unknown || !self.out.is_empty() {
            return None;
        }
        let typed = self.let_value(&Scope::before(id, i), id, i, member)?;
        let (class, expected) = (self.enum_(e).class, format!("a value of `{}`", of.value));
        let after = super::rules::fields_of(&typed).into_iter().max()?;
        let that =
            self.make(value, ExprKind::Call(Function::Present, Box::new(Expr { fallible: false, ..typed })), Ty::Bool);
        let (label, site) = (Some(member.name.value.clone()), self.site(member.name.span));
        Some(Rule { field: None, label, that, class, say: None, expected, after, site })
    }

    /// The value of a `let` of `owner`, as part of the type of `scope`.
    pub(super) fn let_value(&mut self, scope: &Scope, owner: TypeId, i: usize, member: &Member<'_>) -> Option<Expr> {
        let Content::Let { value, of } = member.content else { return None };
        if scope.lets.contains(&(owner, i)) {
            let message = format!("`{}` needs itself", member.name.value);
            self.error(Code::LetCycle, &message, value.span, "in a circle");
            return None;
        }
        let mut lets = scope.lets.clone();
        lets.push((owner, i));
        let inner = Scope { from: owner, limit: i, it: None, index: false, lets, ..scope.clone() };
        let typed = self.expr(&inner, value)?;
        let Some(of) = of else { return Some(typed) };
        self.as_enum(typed, of, value)
    }

    fn as_enum(
        &mut self,
        typed: Expr,
        of: &crate::source::Spanned<String>,
        value: &crate::syntax::expr::Expr,
    ) -> Option<Expr> {
        let Some(id) = self.names.enums.get(&of.value).copied() else {
            if self.is_lost(&of.value) {
                return None;
            }
            let message = format!("unknown enum `{}`", of.value);
            self.error(Code::UnknownType, &message, of.span, "no enum of this name");
            return None;
        };
        if self.range_of(&typed.ty).is_none() || !self.enum_(id).repr.is_int() {
            return self.wrong(&typed, "a number, for an enum of numbers,", value.span);
        }
        Some(self.make(value, ExprKind::ToEnum(id, Box::new(typed)), Ty::Enum(id)))
    }
}
