//! Constants, and the folding of constant expressions before anything else is known.

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::names::shouty;
use crate::model::{Constant, ConstantValue};
use crate::source::Span;
use crate::syntax::ast::ConstDecl;
use crate::syntax::expr::{BinaryOp, Expr, ExprKind, UnaryOp};
use std::collections::BTreeMap;

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Const {
    /// A number.
    Int(i128),
    /// A guid, bytes in the order of its text.
    Guid([u8; 16]),
    /// A truth value.
    Bool(bool),
    /// Text.
    Str(String),
}

/// Works out all constants, each from those before it.
pub(super) fn resolve(r: &mut Resolver<'_>) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let files = r.files;
    for decl in files.iter().flat_map(|f| &f.consts) {
        if let Some(first) = seen.insert(&decl.name.value, decl.name.span) {
            let message = format!("two constants are called `{}`", decl.name.value);
            let d = Diagnostic::new(Code::DuplicateName, message, decl.name.span, "given again");
            r.out.push(d.also(first, "first given here"));
            continue;
        }
        if let Some(value) = r.constant(&decl.value) {
            r.consts.insert(decl.name.value.clone(), value);
            continue;
        }
        let known = r.names_lost(&decl.value);
        r.lose(&decl.name.value);
        if !known {
            let culprit = r.culprit(&decl.value);
            let message = format!("`{}` is not a constant", culprit.text);
            let d = Diagnostic::new(Code::NotConstant, message, culprit.span, "not known before a file is read");
            r.out.push(d.hint("constants are made of numbers, texts, guids and constants above them"));
        }
    }
}

impl Resolver<'_> {
    /// All constants in the model's form.
    pub(super) fn constants(&self) -> Vec<Constant> {
        let decls = self.files.iter().flat_map(|f| &f.consts);
        let known = decls.filter_map(|decl| Some((decl, self.consts.get(&decl.name.value)?)));
        let constant = |(decl, value): (&ConstDecl, &Const)| Constant {
            name: decl.name.value.clone(),
            rust: shouty(&decl.name.value),
            value: match value {
                Const::Int(n) => ConstantValue::Int(*n),
                Const::Guid(bytes) => ConstantValue::Guid(*bytes),
                Const::Bool(b) => ConstantValue::Bool(*b),
                Const::Str(text) => ConstantValue::Str(text.clone()),
            },
            text: decl.value.text.clone(),
            doc: super::text(decl.doc.as_ref()),
            refs: super::texts(&decl.refs),
        };
        known.map(constant).collect()
    }

    /// Whether an expression names something whose declaration failed.
    fn names_lost(&self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::Name(name) => self.is_lost(name),
            ExprKind::Unary { of, .. } => self.names_lost(of),
            ExprKind::Binary { left, right, .. } => self.names_lost(left) || self.names_lost(right),
            _ => false,
        }
    }

    /// The part of an expression for which it is not a constant.
    fn culprit<'e>(&self, e: &'e Expr) -> &'e Expr {
        let parts: Vec<&Expr> = match &e.kind {
            ExprKind::Unary { of, .. } => vec![of],
            ExprKind::Binary { left, right, .. } => vec![left, right],
            _ => Vec::new(),
        };
        let bad = parts.into_iter().find(|part| self.fold(part).is_none());
        bad.map_or(e, |part| self.culprit(part))
    }

    /// The constant that an expression is, if it is one.
    pub(super) fn constant(&self, e: &Expr) -> Option<Const> {
        match &e.kind {
            ExprKind::Guid(bytes) => Some(Const::Guid(*bytes)),
            ExprKind::Str(text) => Some(Const::Str(text.clone())),
            ExprKind::Name(n) if n == "true" || n == "false" => Some(Const::Bool(n == "true")),
            ExprKind::Name(n) => self.consts.get(n).cloned(),
            _ => self.fold(e).map(Const::Int),
        }
    }

    /// The number that an expression is, if it is a constant one.
    pub(super) fn fold(&self, e: &Expr) -> Option<i128> {
        match &e.kind {
            ExprKind::Int(n) => Some(i128::from(*n)),
            ExprKind::Name(n) => match self.consts.get(n) {
                Some(Const::Int(n)) => Some(*n),
                _ => None,
            },
            ExprKind::Unary { op: UnaryOp::Negate, of } => self.fold(of)?.checked_neg(),
            ExprKind::Unary { op: UnaryOp::Invert, of } => Some(!self.fold(of)?),
            ExprKind::Binary { op, left, right } => binary(*op, self.fold(left)?, self.fold(right)?),
            _ => None,
        }
    }

    /// A constant length in bytes.
    pub(super) fn const_length(&self, e: &Expr) -> Option<u64> {
        self.fold(e).and_then(|n| u64::try_from(n).ok())
    }
}

/// What an operator gives for two numbers; nothing where that is no number.
pub(super) fn binary(op: BinaryOp, a: i128, b: i128) -> Option<i128> {
    let shift = u32::try_from(b).ok().filter(|n| *n < 64);
    match op {
        BinaryOp::BitOr => Some(a | b),
        BinaryOp::BitXor => Some(a ^ b),
        BinaryOp::BitAnd => Some(a & b),
        BinaryOp::ShiftLeft => 1_i128.checked_shl(shift?).and_then(|by| a.checked_mul(by)),
        BinaryOp::ShiftRight => a.checked_shr(shift?),
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Subtract => a.checked_sub(b),
        BinaryOp::Multiply => a.checked_mul(b),
        BinaryOp::Divide => a.checked_div_euclid(b),
        BinaryOp::Remainder => a.checked_rem_euclid(b),
        _ => None,
    }
}
