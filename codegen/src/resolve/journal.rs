//! Journals: what their expressions mean, and what they are about.

use super::Resolver;
use super::chain::Chain;
use super::draft::{Kind, Member};
use super::scope::{Named, Scope};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::emit::names::pascal;
use crate::model::{Apply, Expr, FieldId, Journal, Place, Root, Rule, Ty, TypeId};
use crate::syntax::ast::{ApplyDecl, Content, JournalDecl};
use crate::syntax::expr;

/// The largest stride that is looked through.
const MOST_STRIDE: u64 = 1 << 20;

/// What is known of a journal beside the bytes that it is.
pub(super) fn journal(r: &mut Resolver<'_>, scope: &Scope, member: &Member<'_>) -> Option<Journal> {
    let Content::Journal(decl) = member.content else { return None };
    // Where it lies has been looked at with the field itself; what is wrong with that has been said.
    let reported = r.out.len();
    let place = r.size_expr(scope, &decl.at).zip(r.size_expr(scope, &decl.size));
    if r.out.len() > reported {
        return None;
    }
    let (stride, live) = (stride(r, &decl.stride), r.condition(scope, &decl.live));
    let entry = r.type_named(&decl.entry)?;
    if !matches!(r.draft(entry).kind, Kind::Struct(_)) {
        let message = format!("`{}` is no type with fields", decl.entry.value);
        r.error(Code::WrongType, &message, decl.entry.span, "an entry has fields");
        return None;
    }
    let accept = r.condition(&scope.with_it(it(), Ty::Type(entry)), &decl.accept);
    let (about, apply) = (about(r, entry, decl), apply(r, entry, &decl.apply));
    let (at, size) = place?;
    let About { follows, newest, tail, require, grow } = about?;
    Some(Journal {
        entry,
        at,
        size,
        stride: stride?,
        live: live?,
        accept: accept?,
        follows,
        newest,
        tail,
        require,
        grow,
        apply: apply?,
        rust: format!("{}{}", r.draft(scope.ty).rust, pascal(&member.name.value)),
        site: r.site(member.name.span),
    })
}

fn it() -> Place {
    Place { root: Root::It, steps: Vec::new() }
}

fn stride(r: &mut Resolver<'_>, e: &expr::Expr) -> Option<u64> {
    let Some(n) = r.const_length(e) else {
        r.error(Code::NotConstant, "a stride is a constant number", e.span, "made of numbers and constants");
        return None;
    };
    if (1..=MOST_STRIDE).contains(&n) {
        return Some(n);
    }
    r.error(Code::OutOfRange, "a stride is 1 byte to 1 MiB", e.span, "not in this range");
    None
}

/// What is said of entries alone.
struct About {
    follows: Expr,
    newest: Expr,
    tail: Expr,
    require: Vec<Rule>,
    grow: Option<Expr>,
}

fn about(r: &mut Resolver<'_>, entry: TypeId, decl: &JournalDecl) -> Option<About> {
    let scope = Scope::global((it(), Ty::Type(entry)));
    let follows = r.condition(&Scope { prev: Some(Ty::Type(entry)), ..scope.clone() }, &decl.follows);
    let (newest, tail) = (r.number(&scope, &decl.newest), r.size_expr(&scope, &decl.tail));
    let require = r.hard_rules(&Scope { file: true, ..scope.clone() }, &decl.require, None);
    let grow = decl.grow.as_ref().map(|e| r.size_expr(&scope, e));
    let grow = match grow {
        Some(e) => Some(e?),
        None => None,
    };
    Some(About { follows: follows?, newest: newest?, tail: tail?, require, grow })
}

fn apply(r: &mut Resolver<'_>, entry: TypeId, decl: &ApplyDecl) -> Option<Apply> {
    let (list, element) = list(r, entry, decl)?;
    let partners = partners(r, entry, &decl.list.value);
    let partner = partners.as_ref().map(|(_, ty)| ty.clone());
    let scope = Scope { partner, ..Scope::global((it(), element)) };
    let at = r.size_expr(&scope, &decl.at);
    let zeros = decl.zeros.as_ref().map(|e| r.size_expr(&scope, e));
    let bytes: Vec<_> = decl.bytes.iter().map(|e| r.path_of(&scope, e)).collect();
    let zeros = match zeros {
        Some(e) => Some(e?),
        None => None,
    };
    Some(Apply {
        list,
        partners: partners.map(|(id, _)| id),
        at: at?,
        zeros,
        bytes: bytes.into_iter().collect::<Option<_>>()?,
    })
}

/// The list that says what is done, and its element.
fn list(r: &mut Resolver<'_>, entry: TypeId, decl: &ApplyDecl) -> Option<(FieldId, Ty)> {
    let name = &decl.list;
    let Some(member) = r.draft(entry).member(&name.value).map(|(_, m)| m.clone()) else {
        if r.is_lost(&name.value) {
            return None;
        }
        let draft = r.draft(entry);
        let lists = draft.members().iter().filter(|m| m.is_list()).map(|m| m.name.value.as_str());
        let hint = did_you_mean(&name.value, lists);
        let message = format!("`{}` has no list `{}`", draft.name, name.value);
        r.out.push(Diagnostic::new(Code::UnknownMember, message, name.span, "no field of this name").maybe_hint(hint));
        return None;
    };
    let ty = r.member_ty(&member, name.span)?;
    if let (Some(id), Ty::List(element)) = (member.id, ty) {
        return Some((id, *element));
    }
    let message = format!("`{}` is no list", name.value);
    r.error(Code::WrongType, &message, name.span, "its elements say what is done");
    None
}

/// The list with an element for each of some of another's, where there is one such list.
fn partners(r: &mut Resolver<'_>, entry: TypeId, list: &str) -> Option<(FieldId, Ty)> {
    let is_over = |m: &&Member<'_>| {
        m.options.each.as_ref().is_some_and(|each| matches!(&each.list.kind, expr::ExprKind::Name(n) if n == list))
    };
    let over: Vec<_> = r.draft(entry).members().iter().filter(is_over).cloned().collect();
    let [one] = over.as_slice() else { return None };
    match r.member_ty(one, one.span)? {
        Ty::List(element) => Some((one.id?, *element)),
        _ => None,
    }
}

impl Resolver<'_> {
    /// The element of the other list that belongs to `it`.
    pub(super) fn partner(&mut self, scope: &Scope, e: &expr::Expr, arg: &expr::Expr) -> Option<Named> {
        let Some(ty) = scope.partner.clone() else {
            let d =
                Diagnostic::new(Code::WrongType, "there are no partners here", e.span, "only in `apply` of a journal");
            self.out.push(d.hint("the list that `apply` is about needs another one with `each` over it, and only one"));
            return None;
        };
        if !matches!(&arg.kind, expr::ExprKind::Name(name) if name == "it") {
            let message = format!("`{}` has no partner", arg.text);
            self.error(Code::WrongType, &message, arg.span, "only `it` has one");
            return None;
        }
        let place = Place { root: Root::Other, steps: Vec::new() };
        Some(Named::Chain(Chain::start(scope.ty, place, ty, (false, "partner(it)"))))
    }

    /// A path to bytes, of which nothing but where they lie matters.
    fn path_of(&mut self, scope: &Scope, e: &expr::Expr) -> Option<Expr> {
        let typed = self.path(scope, e)?;
        match &typed.kind {
            crate::model::ExprKind::Place(Place { root: Root::It | Root::Other, .. }) => Some(typed),
            _ => self.wrong(&typed, "a part of `it` or of `partner(it)`", e.span),
        }
    }
}
