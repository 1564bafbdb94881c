//! Rules: conditions on values, and when they can be evaluated.

use super::Resolver;
use super::draft::{PartShape, Shape};
use super::phrase::phrase;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Class, Expr, ExprKind, FieldId, Keep, Place, Range, Root, Rule, Scalar, Ty, TypeId};
use crate::syntax::ast::{Options, RuleDecl, Unknown};

/// The field that rules are about.
pub(super) struct Owner<'o> {
    /// Its id.
    pub(super) id: FieldId,
    /// Its keys.
    pub(super) options: &'o Options,
}

impl Resolver<'_> {
    /// Rules that a value must keep.
    pub(super) fn hard_rules(
        &mut self,
        scope: &Scope,
        decls: &[RuleDecl],
        owner: Option<(FieldId, &Options)>,
    ) -> Vec<Rule> {
        let class = owner.and_then(|(_, o)| o.class.as_ref()).map_or(Class::Invalid, |c| c.value);
        let say = owner.and_then(|(_, o)| o.say.as_ref()).map(|s| &s.value);
        let own = |rule: Rule| Rule { say: rule.say.or_else(|| say.cloned()), ..rule };
        decls.iter().filter_map(|d| self.rule(scope, d, owner.map(|(id, _)| id), class).map(own)).collect()
    }

    /// Rules whose breach is a finding.
    pub(super) fn soft_rules(&mut self, scope: &Scope, decls: &[RuleDecl], owner: FieldId) -> Vec<Rule> {
        decls.iter().filter_map(|d| self.rule(scope, d, Some(owner), Class::Note)).collect()
    }

    /// `require` of a type, of an inline body, or of a switch.
    pub(super) fn require(&mut self, id: TypeId) -> Vec<Rule> {
        let draft = self.draft(id);
        let decls = match (draft.decl, draft.options) {
            (Some(decl), _) => &decl.require,
            (None, Some(options)) => &options.require,
            (None, None) => return Vec::new(),
        };
        let class = draft.decl.and_then(|d| d.class.as_ref()).map_or(Class::Invalid, |c| c.value);
        let scope = Scope::whole(id, None);
        decls.iter().filter_map(|d| self.rule(&scope, d, None, class)).collect()
    }

    fn rule(&mut self, scope: &Scope, decl: &RuleDecl, field: Option<FieldId>, class: Class) -> Option<Rule> {
        let that = self.condition(scope, &decl.that)?;
        let named = fields_of(&that).into_iter().chain(field).max();
        let last = self.draft(scope.ty).members().iter().filter_map(|m| m.id).max();
        // A condition on params and state alone is known as soon as there is a place to report it at.
        let after = if names_this(&that) { last } else { named.or(Some(FieldId(0))) };
        Some(Rule {
            label: None,
            field,
            class: decl.class.as_ref().map_or(class, |c| c.value),
            say: decl.say.as_ref().map(|s| s.value.clone()),
            expected: phrase(self, &that, field),
            after: after.or(last).unwrap_or(FieldId(0)),
            site: self.site(decl.that.span),
            that,
        })
    }

    /// `unknown` of an enum or flags; the range of its numbers, unless it is made of others.
    pub(super) fn keep(&mut self, unknown: Option<&Unknown>, range: Option<Range>) -> Keep {
        match unknown {
            None | Some(Unknown::Error(_)) => Keep::Never,
            Some(Unknown::Keep(_)) => Keep::Always,
            Some(Unknown::KeepIf(e)) => {
                let Some(range) = range else {
                    let message = "a condition on what is kept is for enums of numbers";
                    let d = Diagnostic::new(Code::WrongType, message, e.span, "the values of this enum are no numbers");
                    self.out.push(d.hint("write `unknown: keep` or `unknown: error`"));
                    return Keep::Never;
                };
                // Types come after enums, so the condition belongs to no type: it sees `it` and constants.
                let it = Place { root: Root::It, steps: Vec::new() };
                match self.condition(&Scope::global((it, Ty::Int(range))), e) {
                    Some(that) => Keep::If(Box::new(that)),
                    None => Keep::Never,
                }
            }
        }
    }

    /// `unknown` of a field, instead of its enum's or flags' own.
    pub(super) fn own_keep(&mut self, options: &Options, shape: Shape) -> Option<Keep> {
        let unknown = options.unknown.as_ref()?;
        let range = match shape {
            Shape::Scalar(Scalar::Enum(id)) | Shape::Part(_, PartShape::Enum(id)) => {
                if !matches!(unknown, Unknown::Error(_)) {
                    id.of_mut(&mut self.enums).has_unknown = true;
                }
                self.range_of(&Ty::Enum(id))
            }
            Shape::Scalar(Scalar::Flags(id)) => {
                if !matches!(unknown, Unknown::Error(_)) {
                    id.of_mut(&mut self.flags).has_unknown = true;
                }
                Some(Range::unsigned(self.flag_set(id).bits))
            }
            _ => {
                let span = match unknown {
                    Unknown::Error(span) | Unknown::Keep(span) => *span,
                    Unknown::KeepIf(e) => e.span,
                };
                self.error(Code::WrongType, "`unknown` is about enums and flags", span, "the field is neither");
                return None;
            }
        };
        Some(self.keep(Some(unknown), range))
    }
}

/// Calls `visit` for an expression and all in it.
pub(crate) fn walk<'e>(e: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    visit(e);
    match &e.kind {
        ExprKind::ToEnum(_, a)
        | ExprKind::Unary(_, a)
        | ExprKind::InGroup(_, _, a)
        | ExprKind::Call(_, a)
        | ExprKind::Row(_, a)
        | ExprKind::HasKey(_, a) => walk(a, visit),
        ExprKind::Binary(_, a, b) | ExprKind::CountWhere(a, b) => [a, b].into_iter().for_each(|e| walk(e, visit)),
        ExprKind::InRange(a, b, c) | ExprKind::If(a, b, c) | ExprKind::FirstWhere(a, b, c) => {
            for e in [a, b, c] {
                walk(e, visit);
            }
        }
        _ => {}
    }
}

/// The fields of its own type that an expression names.
pub(crate) fn fields_of(e: &Expr) -> Vec<FieldId> {
    let mut out = Vec::new();
    walk(e, &mut |e| match &e.kind {
        ExprKind::Place(Place { root: Root::Field(id), .. })
        | ExprKind::SizeOf(Place { root: Root::Field(id), .. }) => {
            out.push(*id);
        }
        ExprKind::OffsetOf(id) => out.push(*id),
        ExprKind::Checksum(_, over, except) => out.extend(over.iter().chain(except)),
        _ => {}
    });
    out
}

/// Whether an expression looks state up.
pub(crate) fn names_state(e: &Expr) -> bool {
    let mut found = false;
    walk(e, &mut |e| found |= e.looks_up().is_some());
    found
}

/// Whether an expression is about the whole value.
pub(crate) fn names_this(e: &Expr) -> bool {
    let mut found = false;
    walk(e, &mut |e| found |= matches!(e.kind, ExprKind::SizeOfThis | ExprKind::Checksum(_, None, _)));
    found
}
