//! What is constant about sizes, what holds blobs, what takes all that is left.

use super::greed;
use crate::model::{
    Body, Class, Content, Expr, ExprKind, Field, FieldId, Format, Function, Greed, Length, Place, Policy, Root, Scalar,
    Size, Struct, Ty, Type, TypeId, UnaryOp, Until, Window,
};
use std::collections::BTreeMap;

/// What is known of every type so far.
type Known = BTreeMap<TypeId, (Size, bool, Greed)>;

/// Works out sizes, blobs, greed, and which windows are held. Types may hold each other, so it goes on until nothing changes.
pub(super) fn infer(format: &mut Format) {
    first_magic(format);
    let mut known = Known::new();
    // The greed of a type can change twice.
    for _ in 0..=format.types.len().saturating_mul(2) {
        let mut next = Known::new();
        for (id, ty) in format.types.iter().enumerate() {
            next.insert(TypeId(id), of_type(format, &known, ty));
        }
        let same = next == known;
        known = next;
        if same {
            break;
        }
    }
    store(format, &known);
}

fn store(format: &mut Format, known: &Known) {
    let (enums, flags) = (format.enums.clone(), format.flags.clone());
    let scalar = |s: Scalar| s.size(&enums, &flags);
    for (id, ty) in format.types.iter_mut().enumerate() {
        if let Some((size, blob, greed)) = known.get(&TypeId(id)) {
            (ty.size, ty.has_blob, ty.greed) = (*size, *blob, *greed);
        }
        for field in fields_mut(&mut ty.body) {
            field.size = of_field(known, &scalar, field);
            let blob = holds_blob(known, &field.content);
            if let Some(window) = &mut field.window {
                window.held = !blob;
            }
        }
    }
}

/// Windows that fields of constant size fill are none.
pub(super) fn without_filled_windows(format: &mut Format) {
    for ty in format.types.iter_mut().filter(|ty| ty.size.fixed().is_some()) {
        if let Body::Struct(s) = &mut ty.body {
            (s.window, s.window_field) = (None, None);
        }
    }
}

/// All fields of a type: its own, or the bodies of its cases.
pub(super) fn fields_mut(body: &mut Body) -> Vec<&mut Field> {
    match body {
        Body::Struct(s) => s.fields.iter_mut().collect(),
        Body::Union(u) => u.cases.iter_mut().filter_map(|c| c.body.as_deref_mut()).collect(),
        Body::Bits(_) => Vec::new(),
    }
}

/// All fields of a type: its own, or the bodies of its cases.
pub(crate) fn fields(body: &Body) -> Vec<&Field> {
    match body {
        Body::Struct(s) => s.fields.iter().collect(),
        Body::Union(u) => u.cases.iter().filter_map(|c| c.body.as_deref()).collect(),
        Body::Bits(_) => Vec::new(),
    }
}

fn of_type(format: &Format, known: &Known, ty: &Type) -> (Size, bool, Greed) {
    let greed = greed::of_type(&|id| known.get(&id).map_or(Greed::None, |k| k.2), ty);
    let blob = fields(&ty.body).iter().any(|f| holds_blob(known, &f.content));
    let scalar = |s: Scalar| s.size(&format.enums, &format.flags);
    match &ty.body {
        Body::Bits(bits) => (Size::Fixed(u64::from(bits.bytes)), false, greed),
        Body::Union(union) => {
            let sizes = union.cases.iter().map(|c| c.body.as_ref().map_or(0, |f| of_field(known, &scalar, f).least()));
            let least = Size::AtLeast(sizes.min().unwrap_or(0));
            let alone = |id: &TypeId| !format.ty(*id).is_driven_outside();
            let of = |id: TypeId| known.get(&id).filter(|_| alone(&id)).and_then(|k| k.0.fixed());
            (super::even_cases::size(&of, union).map_or(least, Size::Fixed), blob, greed)
        }
        Body::Struct(s) => (of_struct(known, &scalar, s), blob, greed),
    }
}

fn of_struct(known: &Known, scalar: &dyn Fn(Scalar) -> u64, s: &Struct) -> Size {
    let fields = s.fields.iter().map(|f| match (&f.presence, &f.at) {
        // What is read aside takes nothing of the sequence, but is no part of a block of constant size either.
        _ if f.aside.is_some() => Size::AtLeast(0),
        // What follows is looked at right here, which a block that goes on cannot do.
        _ if f.unlike.is_some() => Size::AtLeast(0),
        (None, None) => of_field(known, scalar, f),
        (None, Some(_)) => Size::AtLeast(of_field(known, scalar, f).least()),
        _ => Size::AtLeast(0),
    });
    let sum = fields.fold(Size::Fixed(0), Size::then);
    let sum = match one_or_other(known, scalar, s) {
        0 => sum,
        least => Size::AtLeast(sum.least().saturating_add(least)),
    };
    match &s.window {
        None => sum,
        Some(window) if is_filled(window, sum) => sum,
        Some(window) => Size::AtLeast(constant(&window.size).unwrap_or(0).max(sum.least())),
    }
}

/// Whether fields of this size always fill a window, so that there is nothing to hold them against.
fn is_filled(window: &Window, fields: Size) -> bool {
    let filled =
        constant(&window.size).is_some_and(|n| fields == Size::Fixed(n) && window.max.is_none_or(|max| n <= max));
    filled && window.slack == Policy::None
}

/// The least size of fields of which one is there when the other is not: `if: not present(other)`.
fn one_or_other(known: &Known, scalar: &dyn Fn(Scalar) -> u64, s: &Struct) -> u64 {
    let least = |f: &Field| of_field(known, scalar, f).least();
    let pairs = s.fields.iter().filter_map(|f| {
        let other = instead_of(f)?.of(&s.fields);
        other.presence.as_ref().map(|_| least(f).min(least(other)))
    });
    pairs.fold(0, u64::saturating_add)
}

/// The field that a field is there instead of.
fn instead_of(field: &Field) -> Option<FieldId> {
    let ExprKind::Unary(UnaryOp::Not, of) = &field.presence.as_ref()?.that.kind else { return None };
    match &of.kind {
        ExprKind::Call(Function::Present, of) => match &of.kind {
            ExprKind::Place(Place { root: Root::Field(id), steps }) if steps.is_empty() => Some(*id),
            _ => None,
        },
        _ => None,
    }
}

/// The constant that an expression is.
pub(crate) fn constant(e: &Expr) -> Option<u64> {
    match e.kind {
        ExprKind::Int(n) => u64::try_from(n).ok(),
        _ => None,
    }
}

/// The least number that an expression gives.
fn least(e: &Expr) -> u64 {
    match &e.ty {
        Ty::Int(range) => u64::try_from(range.min).unwrap_or(0),
        _ => 0,
    }
}

/// What is known of the types of a finished model.
fn known(format: &Format) -> Known {
    let of = |(i, ty): (usize, &Type)| (TypeId(i), (ty.size, ty.has_blob, ty.greed));
    format.types.iter().enumerate().map(of).collect()
}

/// The size of one value of a content, in a finished model.
pub(crate) fn content_size(format: &Format, content: &Content) -> Size {
    match content {
        Content::Type { id, .. } => format.ty(*id).size,
        other => of_content(&Known::new(), &|s| s.size(&format.enums, &format.flags), other),
    }
}

/// The size of what is in a field's window, in a finished model.
pub(crate) fn inner_size(format: &Format, field: &Field) -> Size {
    let one = content_size(format, &field.content);
    match field.repeat.as_ref().map(|r| &r.until) {
        None => one,
        Some(Until::Count(n)) => match (constant(n), one.fixed()) {
            (Some(n), Some(one)) => Size::Fixed(n.saturating_mul(one)),
            _ => Size::AtLeast(constant(n).unwrap_or(0).saturating_mul(one.least())),
        },
        Some(Until::Until(_)) => Size::AtLeast(one.least()),
        Some(_) => Size::AtLeast(0),
    }
}

/// The size of a struct's fields, whatever window it has, in a finished model.
pub(crate) fn struct_size(format: &Format, s: &Struct) -> Size {
    let without = Struct { window: None, ..s.clone() };
    of_struct(&known(format), &|s| s.size(&format.enums, &format.flags), &without)
}

/// The size of a field that is there.
fn of_field(known: &Known, scalar: &dyn Fn(Scalar) -> u64, field: &Field) -> Size {
    let one = of_content(known, scalar, &field.content);
    let all = match field.repeat.as_ref().map(|r| &r.until) {
        None => one,
        Some(Until::Count(n)) => Size::AtLeast(constant(n).unwrap_or(0).saturating_mul(one.least())),
        Some(Until::Until(_)) => Size::AtLeast(one.least()),
        Some(_) => Size::AtLeast(0),
    };
    match &field.window {
        None => all,
        Some(window) => Size::AtLeast(constant(&window.size).unwrap_or(0)),
    }
}

fn of_content(known: &Known, scalar: &dyn Fn(Scalar) -> u64, content: &Content) -> Size {
    let length = |l: &Length| match l {
        Length::Const(n) => Size::Fixed(*n),
        Length::Expr(e) => Size::AtLeast(least(e)),
        Length::Rest | Length::Told(_) => Size::AtLeast(0),
    };
    match content {
        Content::Scalar(s) => Size::Fixed(scalar(*s)),
        Content::Magic(bytes) => Size::Fixed(u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
        Content::Zero(l) if matches!(l, Length::Const(n) if *n <= 4096) => length(l),
        Content::Bytes(l) | Content::Utf8(l) | Content::Utf16(l) | Content::Blob(l) | Content::Zero(l) => {
            Size::AtLeast(length(l).least())
        }
        Content::Align(_) => Size::AtLeast(0),
        Content::CStr => Size::AtLeast(1),
        Content::PStr(n) => Size::AtLeast(u64::from(*n)),
        Content::Lazy(lazy) => Size::AtLeast(
            constant(&lazy.count).unwrap_or(0).saturating_mul(of_content(known, scalar, &lazy.element).least()),
        ),
        Content::Type { id, .. } => known.get(id).map_or(Size::AtLeast(0), |k| k.0),
    }
}

fn holds_blob(known: &Known, content: &Content) -> bool {
    match content {
        Content::Blob(_) | Content::Lazy(_) => true,
        Content::Type { id, .. } => known.get(id).is_some_and(|k| k.1),
        _ => false,
    }
}

/// A root's first magic says which format a file is of.
fn first_magic(format: &mut Format) {
    let mut ids: Vec<TypeId> = std::iter::once(format.root).chain(format.roots.iter().copied()).collect();
    for _ in 0..format.types.len() {
        let Some(id) = ids.pop() else { return };
        let Body::Struct(s) = &mut id.of_mut(&mut format.types).body else { continue };
        let Some(first) = s.fields.first_mut().filter(|first| first.copies.is_none()) else { continue };
        match &first.content {
            Content::Magic(_) if first.class.is_none() => first.class = Some(Class::NotThisFormat),
            Content::Type { id, .. } => ids.push(*id),
            _ => {}
        }
    }
}
