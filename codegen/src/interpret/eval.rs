//! Expressions, worked out over the tree.
//!
//! Numbers are `i128`, as the language says that nothing wraps. What cannot be worked out - overflow, division by zero,
//! something absent where a value is needed - is [`Uncomputed`]. With something absent a comparison is false.

mod numbers;
mod totals;

use super::datum::Datum;
use super::following::Following;
pub use super::frame::Frame;
use super::operators::{arithmetic, compare};
use super::state::State;
use super::tree::{Node, Record, Value};
use crate::model::{
    BinaryOp, Body, Cell, Checksum, Content, EnumId, Expr, ExprKind, Field, FieldId, Format, Function, Key, Order,
    Param, ParamTy, Place, Range, Remember, Root, Scalar, Step, Ty, TypeId, UnaryOp,
};
pub use numbers::{named_bits, padding};
use std::cell::RefCell;
pub use totals::Totals;

/// An expression has no value here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uncomputed;

/// What an expression gives.
pub type Result<T> = std::result::Result<T, Uncomputed>;

/// What an expression sees.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    /// The model.
    pub format: &'a Format,
    /// The type that it stands in.
    pub ty: TypeId,
    /// The fields of that type, as far as they were read, with their gaps and slacks.
    pub record: &'a Record,
    /// Its arguments.
    pub params: &'a [Datum<'a>],
    /// The element that `it` is.
    pub it: Option<&'a Datum<'a>>,
    /// The other one that an expression of a journal is about.
    pub other: Option<&'a Datum<'a>>,
    /// Length of the file that a journal is replayed to.
    pub file: Option<u64>,
    /// What follows, for a reader that looks ahead.
    pub following: Option<Following<'a>>,
    /// Bytes left in the window.
    pub rest: Option<u64>,
    /// The index of the element being read.
    pub index: u64,
    /// State.
    pub state: &'a RefCell<State>,
    /// Absolute offset of the value that holds the expression.
    pub base: u64,
    /// Its length as far as it was read.
    pub len: u64,
    /// Its index among the places around.
    pub place: usize,
    /// The checksum that it names, worked out by the caller.
    pub checksum: u64,
    /// Sums and counts over a list that is being read, by their text: going over the list for each element would take
    /// time with the square of its length.
    pub totals: &'a [(String, i128)],
}

impl<'a> Env<'a> {
    /// What is seen of a value with these fields, outside of any window.
    #[must_use]
    pub fn new(format: &'a Format, frame: Frame<'a>, record: &'a Record, state: &'a RefCell<State>) -> Self {
        let Frame { ty, params, base, place, .. } = frame;
        let (it, other, file, rest, following) = (None, None, None, None, None);
        let (index, len, checksum, totals) = (0, 0, 0, &[][..]);
        Self {
            format,
            ty,
            record,
            params,
            it,
            other,
            file,
            following,
            rest,
            index,
            state,
            base,
            len,
            place,
            checksum,
            totals,
        }
    }

    /// The byte order of the type: its own, the one that was found by trial, or `big` as what holds it has it.
    ///
    /// # Errors
    /// The expression that gives none.
    pub fn order(&self, big: bool) -> std::result::Result<bool, &'a Expr> {
        match &self.format.ty(self.ty).order {
            Order::Fixed(big) => Ok(*big),
            Order::Try { .. } => Ok(self.record.order.unwrap_or(big)),
            Order::None | Order::Context => Ok(big),
            Order::Expr(e) => match self.eval(e) {
                Ok(Datum::Order(big)) => Ok(big),
                _ => Err(e),
            },
        }
    }

    /// The values that a cell is to hold.
    ///
    /// # Errors
    /// The expression that has no value, or one that does not fit.
    pub fn remembered(&self, remember: &'a Remember) -> std::result::Result<Vec<Datum<'static>>, &'a Expr> {
        let cell = remember.scope.of(&self.format.scopes).cells.get(remember.cell);
        let params = cell.map(Cell::params).unwrap_or_default().iter();
        let value = |(param, e): (&Param, &'a Expr)| self.argument(param, e).map(|it| it.detached()).map_err(|_| e);
        params.zip(&remember.values).map(value).collect()
    }

    /// The arguments for a type that a field holds, one for each of its params.
    ///
    /// # Errors
    /// The expression that has no value, or one that does not fit.
    pub fn arguments(&self, id: TypeId, args: &'a [Expr]) -> std::result::Result<Vec<Datum<'a>>, &'a Expr> {
        let params = self.format.ty(id).params.iter();
        params.zip(args).map(|(param, e)| self.argument(param, e).map_err(|_| e)).collect()
    }

    /// The value of an expression.
    ///
    /// # Errors
    /// When it has none.
    pub fn eval(&self, e: &'a Expr) -> Result<Datum<'a>> {
        Ok(match &e.kind {
            ExprKind::Int(n) => Datum::Int(*n),
            ExprKind::Bool(b) => Datum::Bool(*b),
            ExprKind::Str(bytes) => Datum::Bytes(bytes.as_slice().into()),
            ExprKind::Guid(text) => Datum::Guid(*text),
            ExprKind::Order(big) => Datum::Order(*big),
            ExprKind::EnumValue(id, i) => {
                let value = self.format.enum_(*id).values.get(*i);
                value.map_or(Datum::Absent, |value| Datum::Enum(value.key.clone()))
            }
            ExprKind::Place(place) => self.place(place),
            ExprKind::Row(table, key) => self.row(table, key),
            ExprKind::HasKey(place, key) => Datum::Bool(self.has_key(place, key)),
            ExprKind::Rest => Datum::Int(self.rest.ok_or(Uncomputed)?.into()),
            ExprKind::This => Datum::Place(self.place),
            ExprKind::Index => Datum::Int(self.index.into()),
            ExprKind::ToEnum(id, of) => self.enum_of(*id, of)?,
            ExprKind::Unary(op, of) => self.unary(*op, of)?,
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right)?,
            ExprKind::InRange(value, low, high) => self.in_range(value, low, high)?,
            ExprKind::InGroup(id, group, value) => self.in_group(*id, *group, value)?,
            ExprKind::If(condition, yes, no) => self.eval(if self.holds(condition)? { yes } else { no })?,
            ExprKind::Call(function, of) => self.call(*function, of)?,
            ExprKind::CountWhere(list, condition) => self.count_where(list, condition)?,
            ExprKind::FirstWhere(list, condition, path) => {
                let list = self.eval(list)?;
                let found = list.elements().find(|it| self.with_it(it).holds(condition) == Ok(true));
                match found {
                    Some(it) => self.found(&it, path)?,
                    None => Datum::Absent,
                }
            }
            ExprKind::SizeOf(place) => Datum::Int(self.size_of(place)),
            ExprKind::SizeOfThis => Datum::Int(self.len.into()),
            ExprKind::SizeOfFile => self.file.map_or(Datum::Absent, |n| Datum::Int(n.into())),
            ExprKind::Ahead(ahead) => {
                let big = self.format.fixed_order(self.ty).unwrap_or(true);
                self.following.map_or(Datum::Absent, |following| following.look(ahead, big))
            }
            ExprKind::OffsetOf(field) => Datum::Int(self.offset_of(*field)),
            ExprKind::Checksum(..) => Datum::Int(self.checksum.into()),
        })
    }

    /// The value of a condition.
    ///
    /// # Errors
    /// When it has none.
    pub fn holds(&self, e: &'a Expr) -> Result<bool> {
        match self.eval(e)? {
            Datum::Bool(b) => Ok(b),
            _ => Err(Uncomputed),
        }
    }

    /// The value of an expression that gives a number.
    ///
    /// # Errors
    /// When it has none.
    pub fn int(&self, e: &'a Expr) -> Result<i128> {
        self.eval(e)?.number().ok_or(Uncomputed)
    }

    /// The value of an expression that gives a size, count or offset.
    ///
    /// # Errors
    /// When it has none, or one below 0 or above 2^64 - 1.
    pub fn size(&self, e: &'a Expr) -> Result<u64> {
        u64::try_from(self.int(e)?).map_err(|_| Uncomputed)
    }

    /// The same with an element as `it`.
    #[must_use]
    pub fn with_it<'b>(&self, it: &'b Datum<'b>) -> Env<'b>
    where
        'a: 'b,
    {
        Env { it: Some(it), ..*self }
    }

    /// The value of an argument, as its param holds it.
    ///
    /// # Errors
    /// When it has none, or one that does not fit.
    pub fn argument(&self, param: &Param, e: &'a Expr) -> Result<Datum<'a>> {
        let bits = |bytes: u32| bytes.saturating_mul(8);
        let range = match param.ty {
            ParamTy::State(_) | ParamTy::Inputs | ParamTy::Externs => return Ok(Datum::Absent),
            ParamTy::UInt(n) => Some(Range::unsigned(bits(n))),
            ParamTy::Int(n) => Some(Range::signed(bits(n))),
            _ => None,
        };
        let value = self.eval(e).and_then(|value| match (range, value.number()) {
            (Some(range), Some(n)) if range.contains(n) => Ok(Datum::Int(n)),
            (None, _) if !value.is_absent() => Ok(value),
            _ => Err(Uncomputed),
        });
        if param.absent { Ok(value.unwrap_or(Datum::Absent)) } else { value }
    }

    /// What a place names.
    fn place(&self, place: &Place) -> Datum<'a> {
        let start = match place.root {
            Root::Field(id) => self.field(id),
            Root::Param(id) => self.params.get(id.0).cloned().unwrap_or(Datum::Absent),
            Root::It => self.it.cloned().unwrap_or(Datum::Absent),
            Root::Other => self.other.cloned().unwrap_or(Datum::Absent),
            Root::State(id) => return self.state_at(id, &place.steps),
            Root::Inputs => return self.input(&place.steps),
            Root::Externs => Datum::Absent,
        };
        self.follow(start, &place.steps)
    }

    fn field(&self, id: FieldId) -> Datum<'a> {
        match self.record.fields.get(id.0) {
            Some(node) => self.datum(node, self.format.field(self.ty, id), &|| self.version()),
            None => Datum::Absent,
        }
    }

    fn input(&self, steps: &[Step]) -> Datum<'a> {
        let Some((Step::Input(i), steps)) = steps.split_first() else { return Datum::Absent };
        let input = self.format.inputs.get(*i);
        self.follow(input.map_or(Datum::Absent, |input| Datum::given(self.format, &input.init)), steps)
    }

    pub(super) fn follow(&self, from: Datum<'a>, steps: &[Step]) -> Datum<'a> {
        let Some((step, rest)) = steps.split_first() else { return from };
        if matches!(step, Step::Each) {
            let each = from.elements().map(|it| self.follow(it, rest));
            return Datum::List(each.filter(|it| !it.is_absent()).collect());
        }
        self.follow(self.step(&from, *step), rest)
    }

    fn step(&self, from: &Datum<'a>, step: Step) -> Datum<'a> {
        match (step, from) {
            (Step::Flag(id, i), from) => {
                let Datum::Flags(bits) = from else { return Datum::Absent };
                let flag = self.format.flags(id).flags.get(i);
                Datum::Bool(flag.is_some_and(|flag| bits >> flag.bit & 1 == 1))
            }
            (Step::Field(ty, id), Datum::Node(node, _)) => self.member(node, ty, id),
            (Step::Case(ty, id), Datum::Node(Node { value: Value::Case(chosen, Some(body)), .. }, _))
                if *chosen == id =>
            {
                Datum::of(body, self.case_field(ty, id.0))
            }
            _ => Datum::Absent,
        }
    }

    fn member(&self, node: &'a Node, ty: TypeId, id: FieldId) -> Datum<'a> {
        let (node, version) = match &node.value {
            Value::Record(record) => (record.fields.get(id.0), record.version),
            Value::Bits(parts) => (parts.get(id.0), None),
            _ => (None, None),
        };
        let field = self.format.field(ty, id);
        node.map_or(Datum::Absent, |node| self.datum(node, field, &|| version.unwrap_or(0)))
    }

    /// What a node gives. An enum value that its version does not know is none of those with a name.
    fn datum(&self, node: &'a Node, field: Option<&'a Field>, version: &dyn Fn() -> u64) -> Datum<'a> {
        let value = Datum::of(node, field);
        match (&value, field.map(|field| &field.content)) {
            (Datum::Enum(key), Some(Content::Scalar(Scalar::Enum(id)))) => {
                let e = self.format.enum_(*id);
                let known = !e.versioned || e.named(key, Some(version())).is_some();
                if known { value } else { Datum::Unnamed(key.clone()) }
            }
            _ => value,
        }
    }

    /// The version that enums and flags of the type are read in.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.format.ty(self.ty).version.as_ref().and_then(|e| self.size(e).ok()).unwrap_or(0)
    }

    fn case_field(&self, ty: TypeId, case: usize) -> Option<&'a Field> {
        match &self.format.ty(ty).body {
            Body::Union(union) => union.cases.get(case)?.body.as_deref(),
            _ => None,
        }
    }

    fn enum_of(&self, id: EnumId, of: &'a Expr) -> Result<Datum<'a>> {
        let (n, e) = (self.int(of)?, self.format.enum_(id));
        let known = e.values.iter().any(|value| value.key == Key::Int(n));
        if known || e.has_unknown { Ok(Datum::Enum(Key::Int(n))) } else { Err(Uncomputed) }
    }

    fn unary(&self, op: UnaryOp, of: &'a Expr) -> Result<Datum<'a>> {
        Ok(match op {
            UnaryOp::Not => Datum::Bool(!self.holds(of)?),
            UnaryOp::Negate => Datum::Int(self.int(of)?.checked_neg().ok_or(Uncomputed)?),
            UnaryOp::Invert => Datum::Int(!self.int(of)?),
        })
    }

    fn binary(&self, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<Datum<'a>> {
        use BinaryOp as B;
        Ok(match op {
            B::And => Datum::Bool(self.holds(left)? && self.holds(right)?),
            B::Or => Datum::Bool(self.holds(left)? || self.holds(right)?),
            B::Equal | B::NotEqual | B::Less | B::AtMost | B::Greater | B::AtLeast => {
                Datum::Bool(compare(op, &self.eval(left)?, &self.eval(right)?))
            }
            B::Has => {
                let (list, value) = (self.eval(left)?, self.eval(right)?);
                Datum::Bool(list.elements().any(|it| it.same(&value)))
            }
            B::Starts => match (self.eval(left)?, self.eval(right)?) {
                (Datum::Bytes(text), Datum::Bytes(start)) => Datum::Bool(text.starts_with(&start)),
                _ => Datum::Bool(false),
            },
            _ => Datum::Int(arithmetic(op, self.int(left)?, self.int(right)?).ok_or(Uncomputed)?),
        })
    }

    /// With something absent it is false.
    fn in_range(&self, value: &'a Expr, low: &'a Expr, high: &'a Expr) -> Result<Datum<'a>> {
        let value = self.eval(value)?;
        if value.is_absent() {
            return Ok(Datum::Bool(false));
        }
        let (low, high) = (self.int(low)?, self.int(high)?);
        Ok(Datum::Bool(value.number().is_some_and(|n| low <= n && n <= high)))
    }

    fn in_group(&self, id: EnumId, group: usize, value: &'a Expr) -> Result<Datum<'a>> {
        let (value, e) = (self.eval(value)?, self.format.enum_(id));
        let members = e.groups.get(group).map(|group| group.members.as_slice()).unwrap_or_default();
        let keys = members.iter().filter_map(|i| e.values.get(*i)).map(|value| &value.key);
        let Datum::Enum(key) = value else { return Ok(Datum::Bool(false)) };
        Ok(Datum::Bool(keys.into_iter().any(|member| *member == key)))
    }

    fn call(&self, function: Function, of: &'a Expr) -> Result<Datum<'a>> {
        if let Some((_, total)) = self.totals.iter().find(|(text, _)| *text == total_text(function, of)) {
            return Ok(Datum::Int(*total));
        }
        if let Some(total) = self.held_total(of, || total_text(function, of)) {
            return Ok(total);
        }
        let value = self.eval(of);
        if function == Function::Present {
            return Ok(Datum::Bool(value.is_ok_and(|value| !value.is_absent())));
        }
        let value = value?;
        let numbers = || value.elements().filter_map(|it| it.number());
        Ok(match function {
            Function::Count => Datum::Int(i128::try_from(value.count()).unwrap_or(i128::MAX)),
            Function::Sum => Datum::Int(numbers().fold(0, i128::saturating_add)),
            Function::MinOf => numbers().min().map_or(Datum::Absent, Datum::Int),
            Function::MaxOf => numbers().max().map_or(Datum::Absent, Datum::Int),
            Function::Known | Function::Present => Datum::Bool(self.is_known(&value, &of.ty)),
        })
    }

    /// Whether an enum value has a name, or flags have no bit without one.
    fn is_known(&self, value: &Datum<'_>, ty: &Ty) -> bool {
        match (value, ty) {
            (Datum::Enum(key), Ty::Enum(id)) => self.format.enum_(*id).values.iter().any(|value| value.key == *key),
            (Datum::Flags(bits), Ty::Flags(id)) => bits & !named_bits(self.format.flags(*id)) == 0,
            _ => false,
        }
    }

    fn count_where(&self, list: &'a Expr, condition: &'a Expr) -> Result<Datum<'a>> {
        if let Some(total) = self.held_total(list, || totals::where_text(list, condition)) {
            return Ok(total);
        }
        let list = self.eval(list)?;
        let holds = list.elements().filter(|it| self.with_it(it).holds(condition) == Ok(true));
        Ok(Datum::Int(i128::try_from(holds.count()).unwrap_or(i128::MAX)))
    }

    /// What a path leads to in an element that was found. It is a single value, so nothing of the element is handed on.
    fn found(&self, it: &Datum<'_>, path: &Expr) -> Result<Datum<'a>> {
        Ok(self.with_it(it).eval(path)?.detached())
    }

    /// Length on the wire: of something absent 0; of a field in a window with the slack behind it.
    fn size_of(&self, place: &Place) -> i128 {
        let start = match place.root {
            Root::Field(_) => return self.size_of_own(place),
            Root::Param(id) => self.params.get(id.0),
            Root::It => self.it,
            Root::Other => self.other,
            Root::State(_) | Root::Inputs | Root::Externs => None,
        };
        let Some(Datum::Node(node, _)) = start else { return self.size_of_plain(place) };
        node_at(node, &place.steps).into()
    }

    fn size_of_own(&self, place: &Place) -> i128 {
        let Root::Field(id) = place.root else { return 0 };
        let Some(node) = self.record.fields.get(id.0) else { return 0 };
        if place.steps.is_empty() { self.record.with_slack(node) } else { node_at(node, &place.steps) }.into()
    }

    /// The length of a text or of bytes that were handed on by themselves.
    fn size_of_plain(&self, place: &Place) -> i128 {
        match self.place(place) {
            Datum::Bytes(bytes) => i128::try_from(bytes.len()).unwrap_or(i128::MAX),
            _ => 0,
        }
    }

    fn offset_of(&self, id: FieldId) -> i128 {
        let at = self.record.fields.get(id.0).map_or_else(|| self.base.saturating_add(self.len), |node| node.at);
        at.saturating_sub(self.base).into()
    }
}

/// The length of what steps lead to, slack included; 0 where that is not there.
fn node_at(node: &Node, steps: &[Step]) -> u64 {
    let Some((step, rest)) = steps.split_first() else { return node.len };
    let next = match (step, &node.value) {
        (Step::Field(_, id), Value::Record(record)) => match record.fields.get(id.0) {
            Some(field) if rest.is_empty() => return record.with_slack(field),
            next => next,
        },
        (Step::Field(_, id), Value::Bits(parts)) => parts.get(id.0),
        (Step::Case(_, id), Value::Case(chosen, Some(body))) if chosen == id => Some(&**body),
        _ => None,
    };
    next.map_or(0, |node| node_at(node, rest))
}

/// What tells a running total from others.
#[must_use]
pub fn total_text(function: Function, of: &Expr) -> String {
    format!("{function:?} {}", of.text)
}

/// The checksum in a pin: its kind, over which field, without which field.
#[must_use]
pub fn checksum_in(e: &Expr) -> Option<(Checksum, Option<FieldId>, Option<FieldId>)> {
    let mut found = None;
    crate::resolve::walk(e, &mut |e| {
        if let ExprKind::Checksum(kind, over, except) = &e.kind {
            found = Some((*kind, *over, *except));
        }
    });
    found
}

/// The value of a size of which a quotient must leave nothing over.
///
/// # Errors
/// When it has none, or leaves something over.
pub fn exact<'a>(env: &Env<'a>, e: &'a Expr) -> Result<u64> {
    if let ExprKind::Binary(BinaryOp::Divide, a, b) = &e.kind
        && let ExprKind::Int(by) = b.kind
        && env.int(a)?.checked_rem_euclid(by) != Some(0)
    {
        return Err(Uncomputed);
    }
    env.size(e)
}
