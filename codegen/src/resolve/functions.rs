//! Typing of functions.

use super::Resolver;
use super::scope::{Named, Scope};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Checksum, Expr, ExprKind, FieldId, Function, Place, Range, Root, Ty};
use crate::source::Spanned;
use crate::syntax::expr;

const FUNCTIONS: &[&str] = &[
    "size", "offset", "count", "first", "sum", "present", "known", "min_of", "max_of", "crc32", "crc32c", "sum8",
    "sum32", "xor8", "partner",
];
const LATER: &[&str] = &["peek", "align_up"];

/// A call while it is typed.
struct Call<'e> {
    whole: &'e expr::Expr,
    function: &'e Spanned<String>,
    arg: &'e expr::Expr,
    filter: Option<&'e expr::Expr>,
    except: Option<&'e Spanned<String>>,
}

impl Resolver<'_> {
    pub(super) fn call(&mut self, scope: &Scope, whole: &expr::Expr) -> Option<Expr> {
        let expr::ExprKind::Call { function, arg, filter, except } = &whole.kind else { return None };
        let call = Call { whole, function, arg, filter: filter.as_deref(), except: except.as_ref() };
        self.call_shape(&call)?;
        let of_lists = ["count", "first", "sum", "min_of", "max_of", "present", "known", "partner"];
        if scope.file && is_size_of_file(&call) {
            return self.function(scope, &call);
        }
        if scope.global && !of_lists.contains(&function.value.as_str()) {
            let message = format!("`{}` is about a value that is read, and here is none", function.value);
            self.error(Code::WrongType, &message, function.span, "only `it` and constants are known");
            return None;
        }
        self.function(scope, &call)
    }

    /// A path that starts from a call of `first`.
    pub(super) fn first_path(&mut self, scope: &Scope, (start, path): (&expr::Expr, &expr::Expr)) -> Option<Expr> {
        let expr::ExprKind::Call { function, arg, filter, except } = &start.kind else { return None };
        let call = Call { whole: start, function, arg, filter: filter.as_deref(), except: except.as_ref() };
        self.call_shape(&call)?;
        self.first_where(scope, &call, Some(path))
    }

    fn function(&mut self, scope: &Scope, call: &Call<'_>) -> Option<Expr> {
        let filter = &call.filter;
        match call.function.value.as_str() {
            "size" => self.size(scope, call),
            "offset" => self.offset(scope, call),
            "count" if filter.is_some() => self.count_where(scope, call),
            "first" => self.first_where(scope, call, None),
            "count" => self.count(scope, call),
            "sum" => self.over_numbers(scope, call, Function::Sum),
            "min_of" => self.over_numbers(scope, call, Function::MinOf),
            "max_of" => self.over_numbers(scope, call, Function::MaxOf),
            "present" => self.present(scope, call),
            "known" => self.known(scope, call),
            "partner" => self.path(scope, call.whole),
            "crc32" => self.checksum(scope, call, Checksum::Crc32),
            "crc32c" => self.checksum(scope, call, Checksum::Crc32c),
            "sum8" => self.checksum(scope, call, Checksum::Sum8),
            "sum32" => self.checksum(scope, call, Checksum::Sum32),
            "xor8" => self.checksum(scope, call, Checksum::Xor8),
            _ => None,
        }
    }

    /// Whether there is such a function, and whether `where` and `except` fit it.
    fn call_shape(&mut self, call: &Call<'_>) -> Option<()> {
        let name = call.function.value.as_str();
        if LATER.contains(&name) {
            self.later_key(call.function);
            return None;
        }
        if !FUNCTIONS.contains(&name) {
            let hint = did_you_mean(name, FUNCTIONS.iter().copied());
            let message = format!("unknown function `{name}`");
            let d = Diagnostic::new(Code::UnknownFunction, message, call.function.span, "no function of this name");
            self.out.push(d.maybe_hint(hint));
            return None;
        }
        let sums = matches!(name, "crc32" | "crc32c" | "sum8" | "sum32" | "xor8");
        if call.filter.is_some() && !matches!(name, "count" | "first") || call.except.is_some() && !sums {
            let message = format!("`{name}` takes neither `where` nor `except`");
            let message = if sums { "a checksum takes no `where`".to_owned() } else { message };
            self.error(
                Code::WrongType,
                &message,
                call.whole.span,
                "`where` goes with `count` and `first`, `except` with checksums",
            );
            return None;
        }
        Some(())
    }

    fn size(&mut self, scope: &Scope, call: &Call<'_>) -> Option<Expr> {
        let ty = Ty::Int(Range::unsigned(64));
        if is_this(call.arg) {
            return Some(self.make(call.whole, ExprKind::SizeOfThis, ty));
        }
        if scope.file && is_size_of_file(call) {
            return Some(self.make(call.whole, ExprKind::SizeOfFile, ty));
        }
        if matches!(&call.arg.kind, expr::ExprKind::Name(n) if n == "file") {
            let key = Spanned::new("file".to_owned(), call.arg.span);
            self.later_key(&key);
            return None;
        }
        let place = self.place(scope, call.arg)?;
        Some(self.make(call.whole, ExprKind::SizeOf(place), ty))
    }

    fn offset(&mut self, scope: &Scope, call: &Call<'_>) -> Option<Expr> {
        let field = self.own_field(scope, call.arg)?;
        Some(self.make(call.whole, ExprKind::OffsetOf(field), Ty::Int(Range::unsigned(64))))
    }

    fn count(&mut self, scope: &Scope, call: &Call<'_>) -> Option<Expr> {
        let of = self.expr(scope, call.arg)?;
        if !matches!(of.ty, Ty::List(_) | Ty::Bytes) {
            return self.wrong(&of, "a list or a text", call.arg.span);
        }
        let kind = ExprKind::Call(Function::Count, Box::new(of));
        Some(self.make(call.whole, kind, Ty::Int(Range::unsigned(63))))
    }

    fn count_where(&mut self, scope: &Scope, call: &Call<'_>) -> Option<Expr> {
        let of = self.expr(scope, call.arg)?;
        let Ty::List(element) = of.ty.clone() else { return self.wrong(&of, "a list", call.arg.span) };
        let it = Place { root: Root::It, steps: Vec::new() };
        let condition = self.condition(&scope.with_it(it, *element), call.filter?)?;
        let kind = ExprKind::CountWhere(Box::new(of), Box::new(condition));
        Some(self.make(call.whole, kind, Ty::Int(Range::unsigned(63))))
    }

    /// The first element for which the condition holds, and what a path leads to in it. The path is that of `whole`, with the
    /// call in the place where the element stands.
    fn first_where(&mut self, scope: &Scope, call: &Call<'_>, path: Option<&expr::Expr>) -> Option<Expr> {
        let Some(filter) = call.filter else {
            let message = "`first` says which element it looks for";
            let d = Diagnostic::new(Code::WrongType, message, call.whole.span, "without `where`");
            self.out.push(d.hint("write `first(list where condition)`, with the element as `it`"));
            return None;
        };
        let of = self.expr(scope, call.arg)?;
        let Ty::List(element) = of.ty.clone() else { return self.wrong(&of, "a list", call.arg.span) };
        let it = Place { root: Root::It, steps: Vec::new() };
        let inner = scope.with_it(it, *element);
        let condition = self.condition(&inner, filter)?;
        let whole = path.unwrap_or(call.whole);
        let body = self.expr(&inner, &with_it_for_call(whole))?;
        if matches!(body.ty, Ty::Type(_) | Ty::List(_) | Ty::Utf16 | Ty::Opaque | Ty::Place) {
            return self.wrong(&body, "a single value of the element", whole.span);
        }
        let ty = body.ty.clone();
        let mut out = self.make(whole, ExprKind::FirstWhere(Box::new(of), Box::new(condition), Box::new(body)), ty);
        out.absent = true;
        Some(out)
    }

    fn over_numbers(&mut self, scope: &Scope, call: &Call<'_>, function: Function) -> Option<Expr> {
        let of = self.expr(scope, call.arg)?;
        let range = match &of.ty {
            Ty::List(of) => self.range_of(of),
            _ => None,
        };
        let Some(range) = range else { return self.wrong(&of, "a list of numbers", call.arg.span) };
        let total = Range { min: range.min.saturating_mul(1 << 62).min(0), max: range.max.saturating_mul(1 << 62) };
        let ty = if function == Function::Sum { total } else { range.union(Range::of(0)) };
        let absent = function != Function::Sum;
        let mut out = self.make(call.whole, ExprKind::Call(function, Box::new(of)), Ty::Int(ty));
        out.absent = absent;
        Some(out)
    }

    fn present(&mut self, scope: &Scope, call: &Call<'_>) -> Option<Expr> {
        let of = self.expr(scope, call.arg)?;
        Some(self.make(call.whole, ExprKind::Call(Function::Present, Box::new(of)), Ty::Bool))
    }

    fn known(&mut self, scope: &Scope, call: &Call<'_>) -> Option<Expr> {
        let of = self.expr(scope, call.arg)?;
        if !matches!(of.ty, Ty::Enum(_) | Ty::Flags(_)) {
            return self.wrong(&of, "an enum or flags", call.arg.span);
        }
        Some(self.make(call.whole, ExprKind::Call(Function::Known, Box::new(of)), Ty::Bool))
    }

    fn checksum(&mut self, scope: &Scope, call: &Call<'_>, kind: Checksum) -> Option<Expr> {
        let bits = match kind {
            Checksum::Sum8 | Checksum::Xor8 => 8,
            _ => 32,
        };
        let ty = Ty::Int(Range::unsigned(bits));
        let except = match call.except {
            Some(name) => Some(self.own_field_named(scope, name)?),
            None => None,
        };
        let over = if is_this(call.arg) { None } else { Some(self.own_field(scope, call.arg)?) };
        if over.is_some() && except.is_some() {
            self.error(
                Code::WrongType,
                "`except` goes with `this`",
                call.whole.span,
                "a checksum over a field is over all of it",
            );
            return None;
        }
        Some(self.make(call.whole, ExprKind::Checksum(kind, over, except), ty))
    }

    /// A field of the type that the expression is part of.
    fn own_field(&mut self, scope: &Scope, e: &expr::Expr) -> Option<FieldId> {
        let expr::ExprKind::Name(name) = &e.kind else {
            self.error(Code::WrongType, "a field of this type is needed", e.span, "not a name");
            return None;
        };
        self.own_field_named(scope, &Spanned::new(name.clone(), e.span))
    }

    fn own_field_named(&mut self, scope: &Scope, name: &Spanned<String>) -> Option<FieldId> {
        let draft = self.draft(scope.ty);
        if let Some(id) = draft.member(&name.value).and_then(|(_, m)| m.id) {
            return Some(id);
        }
        if self.is_lost(&name.value) {
            return None;
        }
        let hint = did_you_mean(&name.value, draft.members().iter().map(|m| m.name.value.as_str()));
        let message = format!("`{}` is no field of this type", name.value);
        let d = Diagnostic::new(Code::UnknownName, message, name.span, "only fields of the type itself");
        self.out.push(d.maybe_hint(hint));
        None
    }

    fn place(&mut self, scope: &Scope, e: &expr::Expr) -> Option<Place> {
        match self.named(scope, e)? {
            Named::Chain(chain) => match self.finish(scope, &chain, e.span).kind {
                ExprKind::Place(place) if !matches!(place.root, Root::State(_)) => Some(place),
                _ => self.not_on_the_wire(e),
            },
            Named::Value(value) => self.wrong(&value, "a field", e.span),
        }
    }
}

impl Resolver<'_> {
    /// What is remembered takes no bytes where it is looked up.
    fn not_on_the_wire<T>(&mut self, e: &expr::Expr) -> Option<T> {
        let message = format!("`{}` is remembered, and takes no bytes here", e.text);
        let d = Diagnostic::new(Code::WrongType, message, e.span, "not on the wire");
        self.out.push(d.hint(format!("the bytes of a text are `count({})`", e.text)));
        None
    }
}

/// A path with `it` in place of the call that it starts from.
fn with_it_for_call(path: &expr::Expr) -> expr::Expr {
    let kind = match &path.kind {
        expr::ExprKind::Member { of, name } => {
            expr::ExprKind::Member { of: Box::new(with_it_for_call(of)), name: name.clone() }
        }
        _ => expr::ExprKind::Name("it".to_owned()),
    };
    expr::Expr { kind, ..path.clone() }
}

/// The call of `first` that a path starts from.
pub(super) fn first_of(path: &expr::Expr) -> Option<&expr::Expr> {
    match &path.kind {
        expr::ExprKind::Member { of, .. } => first_of(of),
        expr::ExprKind::Call { function, .. } if function.value == "first" => Some(path),
        _ => None,
    }
}

fn is_size_of_file(call: &Call<'_>) -> bool {
    call.function.value == "size" && matches!(&call.arg.kind, expr::ExprKind::Name(name) if name == "file")
}

fn is_this(e: &expr::Expr) -> bool {
    matches!(&e.kind, expr::ExprKind::Name(n) if n == "this")
}
