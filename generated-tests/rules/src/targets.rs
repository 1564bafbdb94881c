//! Everything in a model that says what bytes may be, each with the answers that tests should have seen: that it holds, and
//! that it does not.

use vmspec_codegen::interpret::trace::{Aspect, identity};
use vmspec_codegen::model::{
    Bits, Body, Case, CellKind, Content, Enum, EnumId, Expr, ExprKind, Field, Flags, Format, Greed, Keep, Label,
    Length, Order, Part, PartKind, Policy, Remember, Role, Rule, Scalar, Struct, Tag, Type, Union, Until, Window,
};

/// Something that is asked of bytes.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What.
    pub aspect: Aspect,
    /// Of which thing of the model.
    pub of: usize,
    /// Whether a test should see that it holds, and that it does not.
    pub wanted: (bool, bool),
    /// Where it stands: the type and the field.
    pub place: String,
    /// What it says.
    pub text: String,
    /// The numbers that it compares with, and bytes that it wants.
    pub hints: Vec<i128>,
    /// Whether a value in which it does not hold is taken all the same.
    pub keeps: bool,
}

/// All that is asked by a model, in its order: the same for every copy of it.
pub fn targets(format: &Format) -> Vec<Asked> {
    let mut out = All { format, asked: Vec::new() };
    format.enums.iter().for_each(|e| out.enum_(e));
    format.flags.iter().for_each(|f| out.flags(f));
    format.types.iter().for_each(|ty| out.ty(ty));
    out.asked
}

struct All<'f> {
    format: &'f Format,
    asked: Vec<Asked>,
}

/// Both answers.
const BOTH: (bool, bool) = (true, true);

impl All<'_> {
    fn put<T>(&mut self, aspect: Aspect, of: &T, wanted: (bool, bool), (place, text): (&str, &str)) {
        let (place, text) = (place.to_owned(), text.to_owned());
        self.asked.push(Asked {
            aspect,
            of: identity(of),
            wanted,
            place,
            text,
            hints: Vec::new(),
            keeps: chooses(aspect),
        });
    }

    /// What was put last may not hold in a value that is taken.
    fn keeps(&mut self, keeps: bool) {
        if let Some(asked) = self.asked.last_mut() {
            asked.keeps |= keeps;
        }
    }

    fn hint(&mut self, hints: impl IntoIterator<Item = i128>) {
        if let Some(asked) = self.asked.last_mut() {
            asked.hints.extend(hints);
        }
    }

    fn enum_(&mut self, e: &Enum) {
        if !self.is_read(e) {
            return;
        }
        for value in &e.values {
            let wanted = (true, value.since.is_some() || value.before.is_some());
            self.put(Aspect::Value, value, wanted, (&e.name, &value.name));
        }
    }

    /// Whether there is a field or part of an enum; others are of params and inputs alone.
    fn is_read(&self, e: &Enum) -> bool {
        let is = |id: EnumId| std::ptr::eq(self.format.enum_(id), e);
        let of_field = |field: &Field| matches!(field.content, Content::Scalar(Scalar::Enum(id)) if is(id));
        self.format.types.iter().any(|ty| match &ty.body {
            Body::Struct(s) => s.fields.iter().any(of_field),
            Body::Bits(bits) => bits.parts.iter().any(|part| matches!(part.kind, PartKind::Enum(id) if is(id))),
            Body::Union(union) => union.cases.iter().filter_map(|case| case.body.as_deref()).any(of_field),
        })
    }

    fn flags(&mut self, f: &Flags) {
        for flag in &f.flags {
            self.put(Aspect::Flag, flag, BOTH, (&f.name, &flag.name));
        }
    }

    fn ty(&mut self, ty: &Type) {
        if matches!(ty.order, Order::Expr(_) | Order::Try { .. }) {
            self.put(Aspect::Big, ty, BOTH, (&ty.name, "its byte order"));
        }
        match &ty.body {
            Body::Struct(s) => self.record(ty, s),
            Body::Bits(bits) => self.bits(ty, bits),
            Body::Union(union) => self.union(ty, union),
        }
    }

    fn record(&mut self, ty: &Type, s: &Struct) {
        for field in &s.fields {
            self.field(&format!("{}.{}", ty.name, field.name), field);
        }
        self.rules(Aspect::Rule, &ty.name, &s.require);
        self.remembered(&ty.name, &s.remember);
        if let Some(Window { max, slack, .. }) = &s.window {
            self.max(ty, &ty.name, *max);
            self.put(Aspect::UsedUp, ty, (true, may_be_left(*slack)), (&ty.name, "its window is used up"));
        } else if s.slack != Policy::None {
            self.put(Aspect::UsedUp, ty, (!s.is_place, s.slack == Policy::Zero), (&ty.name, "its slack"));
        }
        if s.is_place {
            self.put(Aspect::Placed, s, BOTH, (&ty.name, "what lies aside lies apart"));
        }
    }

    fn field(&mut self, place: &str, field: &Field) {
        let at = |text: &'static str| (place, text);
        if let Some(presence) = &field.presence {
            self.put(Aspect::Present, field, BOTH, (place, &presence.that.text));
            self.hint(numbers(&presence.that));
        }
        if let Some(unlike) = &field.unlike {
            self.put(Aspect::Unlike, field, BOTH, (place, &unlike.text));
        }
        if field.at.as_ref().is_some_and(|at| at.constant().is_none()) || field.aside.is_some() {
            self.put(Aspect::Placed, field, BOTH, at("its offset"));
        }
        if let Some(Window { slack, .. }) = &field.window {
            let left = may_be_left(*slack) && !self.takes_all(field);
            self.put(
                Aspect::UsedUp,
                field,
                (field.aside.is_none() || field.content_is_inside(), left),
                at("its window is used up"),
            );
        }
        self.max(field, place, field.window.as_ref().and_then(|window| window.max).or(field.max));
        self.list(place, field);
        self.content(place, field);
        if let Role::Pinned(pin) = &field.role {
            self.put(Aspect::Pin, field, BOTH, (place, &pin.value.text));
            self.keeps(pin.kept);
            self.hint(numbers(&pin.value));
        }
        if let Some(copies) = &field.copies {
            self.put(Aspect::Copy, field, BOTH, at("a copy is valid"));
            if copies.newest.is_some() {
                self.put(Aspect::Newest, field, BOTH, at("copies as new are the same"));
            }
        }
        self.rules(Aspect::Rule, place, &field.valid);
        self.rules(Aspect::Soft, place, &field.expect);
        self.remembered(place, &field.remember);
    }

    fn list(&mut self, place: &str, field: &Field) {
        let Some(repeat) = &field.repeat else { return };
        let at = |text: &'static str| (place, text);
        if let Until::Until(that) | Until::While(that) = &repeat.until {
            self.put(Aspect::GoesOn, field, BOTH, (place, &that.text));
            self.hint(numbers(that));
        }
        if let Some(max) = &repeat.max_count {
            self.put(Aspect::MaxCount, field, BOTH, (place, &max.text));
            self.hint(numbers(max));
        }
        if !repeat.unique.is_empty() {
            self.put(Aspect::Unique, field, BOTH, at("unique"));
        }
        if repeat.disjoint.is_some() {
            self.put(Aspect::Disjoint, field, BOTH, at("disjoint"));
        }
    }

    fn content(&mut self, place: &str, field: &Field) {
        let text = field.written.as_str();
        match &field.content {
            // The lowering of a state without subsections has zeros of no length.
            Content::Zero(Length::Const(0)) => {}
            Content::Magic(_) | Content::Align(_) | Content::Zero(_) => {
                self.put(Aspect::Constant, field, BOTH, (place, text));
                self.keeps(matches!(field.role, Role::ImpliedKept));
            }
            Content::Utf8(_) | Content::Utf16(_) | Content::CStr => {
                let always = matches!(&field.content, Content::Utf16(Length::Const(_)));
                self.put(Aspect::Text, field, (true, !always), (place, text));
            }
            Content::Blob(Length::Told(_)) => self.put(Aspect::Told, field, BOTH, (place, text)),
            Content::Scalar(scalar) => self.scalar((place, text), field, *scalar),
            _ => {}
        }
    }

    fn scalar(&mut self, at: (&str, &str), field: &Field, scalar: Scalar) {
        match scalar {
            Scalar::Bool => {
                self.put(Aspect::Known, field, BOTH, at);
                self.hint([2]);
            }
            Scalar::Enum(id) => {
                let e = self.format.enum_(id);
                self.known(field, at, (field.unknown.as_ref().unwrap_or(&e.unknown), BOTH));
            }
            Scalar::Flags(id) => {
                let f = self.format.flags(id);
                self.known(field, at, (field.unknown.as_ref().unwrap_or(&f.unknown), BOTH));
            }
            _ => {}
        }
    }

    fn known<T>(&mut self, of: &T, at: (&str, &str), (keep, wanted): (&Keep, (bool, bool))) {
        self.put(Aspect::Known, of, wanted, at);
        self.keeps(matches!(keep, Keep::Always));
        if let Keep::If(that) = keep {
            self.hint(numbers(that));
            self.put(Aspect::Kept, of, BOTH, (at.0, &that.text));
            self.hint(numbers(that));
        }
    }

    fn bits(&mut self, ty: &Type, bits: &Bits) {
        for part in &bits.parts {
            self.part(&format!("{}.{}", ty.name, part.name), part);
        }
        self.rules(Aspect::Rule, &ty.name, &bits.require);
    }

    fn part(&mut self, place: &str, part: &Part) {
        let at = (place, part.written.as_str());
        match part.kind {
            PartKind::Zero | PartKind::ZeroKept => {
                self.put(Aspect::Constant, part, BOTH, at);
                self.keeps(part.kind == PartKind::ZeroKept);
            }
            PartKind::Enum(id) => {
                let e = self.format.enum_(id);
                let all = 1_usize.checked_shl(part.width).is_some_and(|all| e.values.len() >= all);
                self.known(part, at, (part.unknown.as_ref().unwrap_or(&e.unknown), (true, !all)));
            }
            PartKind::UInt | PartKind::Bool => {}
        }
        self.rules(Aspect::Rule, place, &part.valid);
        self.rules(Aspect::Soft, place, &part.expect);
    }

    fn union(&mut self, ty: &Type, union: &Union) {
        for case in &union.cases {
            self.case(ty, case);
        }
        let taken = |case: &Case| case.label == Label::Default && case.when.is_none();
        let named = matches!(union.tag, Tag::Bool | Tag::Enum(_)) && union.cases.iter().all(|case| case.when.is_none());
        if !union.cases.iter().any(taken) && !named {
            self.put(Aspect::Choice, ty, BOTH, (&ty.name, "there is a case"));
        }
        self.rules(Aspect::Rule, &ty.name, &union.require);
    }

    fn case(&mut self, ty: &Type, case: &Case) {
        let place = format!("{}.{}", ty.name, case.written);
        let text = case.when.as_ref().map_or("", |when| when.text.as_str());
        self.put(Aspect::Case, case, (true, case.when.is_some()), (&place, text));
        if let Some(when) = &case.when {
            self.hint(numbers(when));
        }
        if let Some(body) = &case.body {
            self.field(&place, body);
        }
    }

    fn rules(&mut self, aspect: Aspect, place: &str, rules: &[Rule]) {
        for rule in rules {
            self.put(aspect, rule, BOTH, (place, &rule.that.text));
            self.hint(numbers(&rule.that));
        }
    }

    /// What has a key may be full, or hold something else under it.
    fn remembered(&mut self, place: &str, all: &[Remember]) {
        for remember in all {
            let cell = remember.scope.of(&self.format.scopes).cells.get(remember.cell);
            let keyed = cell.is_some_and(|cell| matches!(cell.kind, CellKind::Set(..) | CellKind::Table(_)));
            let fallible = remember.values.iter().any(|value| value.fallible || value.absent);
            self.put(Aspect::Remembered, remember, (true, keyed || fallible), (place, &remember.text));
        }
    }

    fn max<T>(&mut self, of: &T, place: &str, max: Option<u64>) {
        let Some(max) = max else { return };
        self.put(Aspect::Max, of, BOTH, (place, &format!("at most {max} bytes")));
        self.hint([max.into()]);
    }

    /// Whether what is in the window of a field takes all of it, whatever it is.
    fn takes_all(&self, field: &Field) -> bool {
        let rest = |length: &Length| matches!(length, Length::Rest);
        match &field.content {
            _ if field.repeat.is_some() => {
                field.repeat.as_ref().is_some_and(|repeat| matches!(repeat.until, Until::Rest))
            }
            Content::Bytes(length)
            | Content::Utf8(length)
            | Content::Utf16(length)
            | Content::Blob(length)
            | Content::Zero(length) => rest(length),
            Content::Type { id, .. } => self.format.ty(*id).greed == Greed::Always,
            _ => false,
        }
    }
}

/// What a field that is read aside has beside its place.
trait Inside {
    /// Whether something is read in its window.
    fn content_is_inside(&self) -> bool;
}

impl Inside for Field {
    fn content_is_inside(&self) -> bool {
        !matches!(self.content, Content::Lazy(_))
    }
}

/// What chooses between two ways of a value, or gives a finding.
fn chooses(aspect: Aspect) -> bool {
    matches!(aspect, Aspect::Present | Aspect::GoesOn | Aspect::Flag | Aspect::Big | Aspect::Soft)
}

fn may_be_left(slack: Policy) -> bool {
    slack != Policy::Keep
}

/// The numbers in an expression.
pub fn numbers(e: &Expr) -> Vec<i128> {
    let mut out = Vec::new();
    collect(e, &mut out);
    out
}

fn collect(e: &Expr, out: &mut Vec<i128>) {
    match &e.kind {
        ExprKind::Int(n) => out.push(*n),
        ExprKind::Unary(_, a) | ExprKind::ToEnum(_, a) | ExprKind::InGroup(_, _, a) | ExprKind::Call(_, a) => {
            collect(a, out);
        }
        ExprKind::Row(_, a) | ExprKind::HasKey(_, a) => collect(a, out),
        ExprKind::Binary(_, a, b) | ExprKind::CountWhere(a, b) => {
            collect(a, out);
            collect(b, out);
        }
        ExprKind::InRange(a, b, c) | ExprKind::If(a, b, c) | ExprKind::FirstWhere(a, b, c) => {
            for e in [a, b, c] {
                collect(e, out);
            }
        }
        _ => {}
    }
}
