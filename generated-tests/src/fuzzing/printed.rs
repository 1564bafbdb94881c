//! Expressions as text, with brackets around every operation: what is parsed of it has the same tree, however operators bind.

use vmspec_codegen::syntax::expr::{BinaryOp, Expr, ExprKind, UnaryOp};

/// The text of an expression.
#[must_use]
pub fn printed(expr: &Expr) -> String {
    // An expression cannot start with a text.
    if matches!(expr.kind, ExprKind::Str(_)) { format!("({})", operand(expr)) } else { operand(expr) }
}

fn operand(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Int(n) => n.to_string(),
        ExprKind::Str(text) => format!("'{text}'"),
        ExprKind::Guid(bytes) => guid(bytes),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Member { of, name } => format!("{}.{}", operand(of), name.value),
        ExprKind::Row { of, name, key } => format!("{}.{}({})", operand(of), name.value, operand(key)),
        ExprKind::Call { function, arg, filter, except } => {
            let filter = filter.as_ref().map(|f| format!(" where {}", operand(f))).unwrap_or_default();
            let except = except.as_ref().map(|e| format!(" except {}", e.value)).unwrap_or_default();
            format!("{}({}{filter}{except})", function.value, operand(arg))
        }
        ExprKind::If { condition, yes, no } => {
            format!("(if {} then {} else {})", operand(condition), operand(yes), operand(no))
        }
        ExprKind::Unary { op, of } => format!("({}{})", unary(*op), operand(of)),
        ExprKind::Binary { op, left, right } => format!("({} {} {})", operand(left), sign(*op), operand(right)),
        ExprKind::In { negated, value, set } => format!("({} {} {})", operand(value), member(*negated), operand(set)),
        ExprKind::InRange { negated, value, low, high } => {
            format!("({} {} {}..{})", operand(value), member(*negated), operand(low), operand(high))
        }
        ExprKind::Follows { .. } => panic!("nobody can write it"),
    }
}

fn guid(bytes: &[u8; 16]) -> String {
    let digits = crate::hex_of(bytes);
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| digits.get(range).unwrap_or_default());
    format!("guid({})", groups.join("-"))
}

const fn member(negated: bool) -> &'static str {
    if negated { "not in" } else { "in" }
}

const fn unary(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Not => "not ",
        UnaryOp::Negate => "-",
        UnaryOp::Invert => "~",
    }
}

const fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::AtMost => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::AtLeast => ">=",
        BinaryOp::Has => "has",
        BinaryOp::Starts => "starts",
        BinaryOp::BitOr => "|",
        BinaryOp::BitXor => "^",
        BinaryOp::BitAnd => "&",
        BinaryOp::ShiftLeft => "<<",
        BinaryOp::ShiftRight => ">>",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Remainder => "%",
    }
}
