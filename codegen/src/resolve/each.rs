//! Lists with one element for each of another list's.

use super::Resolver;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Each, ExprKind, Place, Root, Ty};
use crate::source::Spanned;
use crate::syntax::ast::EachDecl;
use crate::syntax::expr::{Expr, ExprKind as Written};

/// What the elements of a list stand for.
pub(super) fn each(r: &mut Resolver<'_>, scope: &Scope, decl: &EachDecl) -> Option<Each> {
    let of = r.expr(scope, &decl.list)?;
    let Ty::List(element) = of.ty.clone() else { return r.wrong(&of, "a list", decl.list.span) };
    let ExprKind::Place(Place { root: Root::Field(list), steps }) = of.kind else {
        return not_beside(r, decl);
    };
    if !steps.is_empty() {
        return not_beside(r, decl);
    }
    let it = Place { root: Root::It, steps: Vec::new() };
    let condition = r.condition(&scope.with_it(it, *element), &decl.filter)?;
    Some(Each { list, condition })
}

fn not_beside<T>(r: &mut Resolver<'_>, decl: &EachDecl) -> Option<T> {
    let message = format!("`{}` is no list beside this one", decl.list.text);
    let d = Diagnostic::new(Code::WrongType, message, decl.list.span, "in another type, or a part of its elements");
    r.out.push(
        d.hint("`each` is about a list of the same type; for any other use `count: count(list where condition)`"),
    );
    None
}

/// How many elements that is: `count(list where condition)`.
pub(super) fn count(decl: &EachDecl) -> Expr {
    let kind = Written::Call {
        function: Spanned::new("count".to_owned(), decl.span),
        arg: Box::new(decl.list.clone()),
        filter: Some(Box::new(decl.filter.clone())),
        except: None,
    };
    Expr { kind, span: decl.span, text: format!("count({})", decl.text.trim()) }
}
