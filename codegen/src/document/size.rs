//! How long things are, as people read it.

use super::markdown::code;
use crate::model::{Content, Field, Format, Length, Repeat, Size, Until};

/// The size of a field that is there, where it is always the same: also where the generated code does not make use of that.
#[must_use]
pub fn fixed(format: &Format, field: &Field) -> Option<u64> {
    let found = match &field.window {
        Some(window) => crate::resolve::constant(&window.size),
        None => length(field).or_else(|| crate::resolve::inner_size(format, field).fixed()),
    };
    field.size.fixed().or(found)
}

fn length(field: &Field) -> Option<u64> {
    match &field.content {
        Content::Bytes(Length::Const(n))
        | Content::Utf8(Length::Const(n))
        | Content::Utf16(Length::Const(n))
        | Content::Blob(Length::Const(n))
        | Content::Zero(Length::Const(n)) => Some(*n).filter(|_| field.repeat.is_none()),
        _ => None,
    }
}

/// The size of a field in bytes, present.
#[must_use]
pub fn of_field(format: &Format, field: &Field) -> String {
    if let Some(n) = fixed(format, field).filter(|_| field.copies.is_none()) {
        return n.to_string();
    }
    if let Some(copies) = &field.copies {
        return format!("{} each", copies.size);
    }
    if let Some(window) = &field.window {
        return code(&window.size.text);
    }
    match &field.repeat {
        Some(repeat) => of_list(format, field, repeat),
        None => of_content(format, &field.content).unwrap_or_else(|| at_least(field.size)),
    }
}

/// The size of a type.
#[must_use]
pub fn of_type(size: Size) -> String {
    match size {
        Size::Fixed(1) => "1 byte".to_owned(),
        Size::Fixed(n) => format!("{n} bytes"),
        Size::AtLeast(0) => "any".to_owned(),
        Size::AtLeast(1) => "at least 1 byte".to_owned(),
        Size::AtLeast(n) => format!("at least {n} bytes"),
    }
}

/// A bound, in units where it is a whole number of them.
#[must_use]
pub fn at_most(n: u64) -> String {
    const UNITS: &[(u64, &str)] = &[(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let unit = UNITS.iter().find(|(unit, _)| n >= *unit && n.checked_rem(*unit) == Some(0));
    let shown = unit.map(|(unit, name)| format!("{} {name}", n.checked_div(*unit).unwrap_or(n)));
    format!("at most {}", shown.unwrap_or_else(|| format!("{n} bytes")))
}

fn of_list(format: &Format, field: &Field, repeat: &Repeat) -> String {
    let one = crate::resolve::content_size(format, &field.content).fixed();
    match (&repeat.until, one) {
        (Until::Count(n), Some(1)) => code(&n.text),
        (Until::Count(n), Some(one)) => format!("{} × {one}", code(&n.text)),
        (Until::Rest, _) => "the rest".to_owned(),
        _ => at_least(field.size),
    }
}

fn of_content(format: &Format, content: &Content) -> Option<String> {
    match content {
        Content::Bytes(length)
        | Content::Utf8(length)
        | Content::Utf16(length)
        | Content::Blob(length)
        | Content::Zero(length) => Some(of_length(format, length)),
        Content::CStr => Some("to a NUL".to_owned()),
        Content::PStr(n) => Some(format!("{n} + its length")),
        Content::Align(n) => Some(format!("to a multiple of {}", code(&n.text))),
        Content::Lazy(list) => {
            let one = crate::resolve::content_size(format, &list.element).fixed()?;
            Some(format!("{} × {one}", code(&list.count.text)))
        }
        Content::Scalar(_) | Content::Magic(_) | Content::Type { .. } => None,
    }
}

fn of_length(format: &Format, length: &Length) -> String {
    match length {
        Length::Const(n) => n.to_string(),
        Length::Expr(e) => code(&e.text),
        Length::Rest => "the rest".to_owned(),
        Length::Told(told) => format!("as {} tells", code(&told.by.of(&format.externs).name)),
    }
}

fn at_least(size: Size) -> String {
    match size {
        Size::Fixed(n) => n.to_string(),
        Size::AtLeast(0) => "varies".to_owned(),
        Size::AtLeast(n) => format!("≥ {n}"),
    }
}
