//! Expressions: what binds tighter, what every form becomes, and where its parts stand.
#![allow(clippy::panic, clippy::unreachable, clippy::indexing_slicing, clippy::string_slice)]

use vmspec_codegen::source::Sources;
use vmspec_codegen::syntax::expr::{BinaryOp, Expr, ExprKind, UnaryOp};
use vmspec_codegen::syntax::{Place, parse_expr, parse_type};

fn parse(text: &str) -> Expr {
    let mut sources = Sources::new();
    let file = sources.add("t.yaml", text);
    match parse_expr(text, &Place::whole(file, text)) {
        Ok(expr) => expr,
        Err(error) => panic!("{text}: {error:?}"),
    }
}

/// The tree with a bracket around each operation.
fn tree(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Int(n) => n.to_string(),
        ExprKind::Str(text) => format!("'{text}'"),
        ExprKind::Guid(bytes) => format!("guid:{:02x}..{:02x}", bytes[0], bytes[15]),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Member { of, name } => format!("{}.{}", tree(of), name.value),
        ExprKind::Row { of, name, key } => format!("{}.{}[{}]", tree(of), name.value, tree(key)),
        ExprKind::Call { function, arg, filter, except } => {
            let filter = filter.as_ref().map(|f| format!(" where {}", tree(f))).unwrap_or_default();
            let except = except.as_ref().map(|e| format!(" except {}", e.value)).unwrap_or_default();
            format!("{}[{}{filter}{except}]", function.value, tree(arg))
        }
        ExprKind::If { condition, yes, no } => format!("(if {} {} {})", tree(condition), tree(yes), tree(no)),
        ExprKind::Unary { op, of } => format!("({} {})", unary(*op), tree(of)),
        ExprKind::Binary { op, left, right } => format!("({} {} {})", tree(left), sign(*op), tree(right)),
        ExprKind::In { negated, value, set } => format!("({} {} {})", tree(value), membership(*negated), tree(set)),
        ExprKind::Follows { .. } => unreachable!("nobody can write it"),
        ExprKind::InRange { negated, value, low, high } => {
            format!("({} {} {}..{})", tree(value), membership(*negated), tree(low), tree(high))
        }
    }
}

fn membership(negated: bool) -> &'static str {
    if negated { "not in" } else { "in" }
}

fn unary(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Not => "not",
        UnaryOp::Negate => "-",
        UnaryOp::Invert => "~",
    }
}

fn sign(op: BinaryOp) -> &'static str {
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

const TREES: &[(&str, &str)] = &[
    // Loosest to tightest, each pair in both orders.
    ("a or b and c", "(a or (b and c))"),
    ("a and b or c", "((a and b) or c)"),
    ("a and not b == c", "(a and (not (b == c)))"),
    ("not not a and b", "((not (not a)) and b)"),
    ("a == b | c", "(a == (b | c))"),
    ("a | b == c", "((a | b) == c)"),
    ("a & b - 1 == 0", "((a & (b - 1)) == 0)"),
    ("a | b ^ c", "(a | (b ^ c))"),
    ("a ^ b | c", "((a ^ b) | c)"),
    ("a ^ b & c", "(a ^ (b & c))"),
    ("a & b << c", "(a & (b << c))"),
    ("a << b & c", "((a << b) & c)"),
    ("a << b + c", "(a << (b + c))"),
    ("a + b << c", "((a + b) << c)"),
    ("a + b * c", "(a + (b * c))"),
    ("a * b + c", "((a * b) + c)"),
    ("a * -b", "(a * (- b))"),
    ("-a * b", "((- a) * b)"),
    ("-~-a", "(- (~ (- a)))"),
    ("-a.b", "(- a.b)"),
    // From left to right.
    ("a - b - c", "((a - b) - c)"),
    ("a / b * c % d", "(((a / b) * c) % d)"),
    ("a << b >> c", "((a << b) >> c)"),
    ("a or b or c", "((a or b) or c)"),
    ("a | b ^ c & d << e + f * g", "(a | (b ^ (c & (d << (e + (f * g))))))"),
    ("a * b + c << d & e ^ f | g", "((((((a * b) + c) << d) & e) ^ f) | g)"),
    // Brackets.
    ("(a or b) and c", "((a or b) and c)"),
    ("a - (b - c)", "(a - (b - c))"),
    ("((a))", "a"),
    ("(not a) == b", "((not a) == b)"),
    // Comparisons.
    ("a < b", "(a < b)"),
    ("a <= b", "(a <= b)"),
    ("a > b", "(a > b)"),
    ("a >= b", "(a >= b)"),
    ("a != b", "(a != b)"),
    ("a in b", "(a in b)"),
    ("a not in b", "(a not in b)"),
    ("a in 1..2", "(a in 1..2)"),
    ("a not in b + 1..c << 2", "(a not in (b + 1)..(c << 2))"),
    ("not a in b", "(not (a in b))"),
    ("s has 'x-y'", "(s has 'x-y')"),
    ("not it starts '/'", "(not (it starts '/'))"),
    ("a == b and c < d", "((a == b) and (c < d))"),
    ("(a == b) == c", "((a == b) == c)"),
    // Choices.
    ("if a then b else c", "(if a b c)"),
    ("if a then b else if c then d else e", "(if a b (if c d e))"),
    ("if a or b then c + 1 else d", "(if (a or b) (c + 1) d)"),
    ("1 + (if a then b else c)", "(1 + (if a b c))"),
    // Operands.
    ("0x10 + 10 + 4K + 64M + 1G + 2T", "(((((16 + 10) + 4096) + 67108864) + 1073741824) + 2199023255552)"),
    ("0xffffffffffffffff", "18446744073709551615"),
    ("007", "7"),
    ("a.b.c", "a.b.c"),
    ("state.sections(section_id).idstr", "state.sections[section_id].idstr"),
    ("f(a)", "f[a]"),
    ("f(a).b", "f[a].b"),
    ("first(a.b where it.id == c).d", "first[a.b where (it.id == c)].d"),
    ("crc32c(this except checksum)", "crc32c[this except checksum]"),
    ("count(x where a or b)", "count[x where (a or b)]"),
    ("f(if a then b else c)", "f[(if a b c)]"),
    ("it == guid(b04aefb7-d19e-4a81-b789-25b8e9445913)", "(it == guid:b0..13)"),
    ("guid == 1", "(guid == 1)"),
    ("true and not false", "(true and (not false))"),
    ("  a  +\n b ", "(a + b)"),
    ("it == ''", "(it == '')"),
    ("not_a + inner + order", "((not_a + inner) + order)"),
    ("a-b", "(a - b)"),
    ("this.rest + rest", "(this.rest + rest)"),
];

#[test]
fn trees() {
    for (text, expected) in TREES {
        assert_eq!(tree(&parse(text)), *expected, "{text}");
    }
}

/// Every part of an expression, outer ones first, by its text and the text at its place.
fn parts<'s>(expr: &Expr, source: &'s str, out: &mut Vec<(String, &'s str)>) {
    out.push((expr.text.clone(), &source[expr.span.range()]));
    let inner: Vec<&Expr> = match &expr.kind {
        ExprKind::Int(_) | ExprKind::Str(_) | ExprKind::Guid(_) | ExprKind::Name(_) | ExprKind::Follows { .. } => {
            vec![]
        }
        ExprKind::Member { of, .. } | ExprKind::Unary { of, .. } => vec![of],
        ExprKind::Row { of, key, .. } => vec![of, key],
        ExprKind::Call { arg, filter, .. } => std::iter::once(arg).chain(filter).map(AsRef::as_ref).collect(),
        ExprKind::If { condition, yes, no } => vec![condition, yes, no],
        ExprKind::Binary { left, right, .. } => vec![left, right],
        ExprKind::In { value, set, .. } => vec![value, set],
        ExprKind::InRange { value, low, high, .. } => vec![value, low, high],
    };
    for part in inner {
        parts(part, source, out);
    }
}

#[test]
fn every_part_has_its_text_and_place() {
    for (text, _) in TREES {
        let mut found = Vec::new();
        parts(&parse(text), text, &mut found);
        for (kept, there) in found {
            assert_eq!(kept, there, "{text}");
        }
    }
    let source = "(a  + b) * f(c.d where e)";
    let mut found = Vec::new();
    parts(&parse(source), source, &mut found);
    let texts: Vec<_> = found.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(texts, [source, "a  + b", "a", "b", "f(c.d where e)", "c.d", "c", "e"]);
}

#[test]
fn what_is_printed_reads_alike() {
    for (text, _) in TREES {
        let expr = parse(text);
        assert_eq!(tree(&parse(&expr.text)), tree(&expr), "{text}");
    }
}

#[test]
fn types() {
    let cases = [("u32", "u32", None), ("bytes(16)", "bytes", Some("16")), ("zero(rest)", "zero", Some("rest"))];
    for (text, name, arg) in cases {
        let mut sources = Sources::new();
        let file = sources.add("t.yaml", text);
        let Ok(parsed) = parse_type(text, &Place::whole(file, text)) else { panic!("{text}") };
        assert_eq!(parsed.value.name, name);
        assert_eq!(parsed.value.arg.as_ref().map(tree).as_deref(), arg);
        assert_eq!(sources.text(parsed.span), text);
        assert_eq!(sources.text(parsed.value.name_span), name);
    }
}
