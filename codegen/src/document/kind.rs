//! What a field is, as people read it, with links to the types of the spec.

use super::markdown::code;
use super::places::Places;
use crate::model::{Content, Field, Length, Param, ParamTy, Part, PartKind, Scalar, Until};

impl Places<'_> {
    /// What a field is: of a list, what its elements are and how many.
    #[must_use]
    pub fn kind_of(&self, field: &Field) -> String {
        if let Some(journal) = &field.journal {
            return format!("journal of {}", self.type_link(journal.entry));
        }
        let one = self.content(&field.content);
        let Some(repeat) = &field.repeat else { return one };
        match (&repeat.until, &repeat.each) {
            (_, Some(each)) => format!("list of {one}, one for each element with {}", code(&each.condition.text)),
            (Until::Count(n), _) => format!("{} × {one}", code(&n.text)),
            (Until::Rest, _) => format!("list of {one}, to the end"),
            (Until::Until(e), _) => format!("list of {one}, until {}", code(&e.text)),
            (Until::While(e), _) => format!("list of {one}, while {}", code(&e.text)),
        }
    }

    /// What something is.
    #[must_use]
    pub fn content(&self, content: &Content) -> String {
        match content {
            Content::Scalar(Scalar::Enum(id)) => self.enum_link(*id),
            Content::Scalar(Scalar::Flags(id)) => self.flags_link(*id),
            Content::Type { id, .. } => self.type_link(*id),
            Content::Lazy(list) => {
                format!("{} × {}, read one by one", code(&list.count.text), self.content(&list.element))
            }
            Content::Magic(bytes) => format!("magic {}", code(&bytes_text(bytes))),
            Content::Blob(Length::Told(told)) => {
                format!("bytes that {} tells", code(&told.by.of(&self.format.externs).name))
            }
            other => code(&built_in(other)),
        }
    }

    /// What a part of an integer is.
    #[must_use]
    pub fn part(&self, part: &Part) -> String {
        match part.kind {
            PartKind::Enum(id) => self.enum_link(id),
            _ => code(&part.written),
        }
    }

    /// What a param, cell or column holds.
    #[must_use]
    pub fn param(&self, param: &Param) -> String {
        match &param.ty {
            ParamTy::UInt(n) => code(&number('u', *n)),
            ParamTy::Int(n) => code(&number('i', *n)),
            ParamTy::Bool => code("bool"),
            ParamTy::Enum(id) => self.enum_link(*id),
            ParamTy::Flags(id) => self.flags_link(*id),
            ParamTy::Guid(true) => code("guid"),
            ParamTy::Guid(false) => code("uuid"),
            ParamTy::Text => code("text"),
            ParamTy::Place => code("place"),
            ParamTy::Ref(_) | ParamTy::State(_) | ParamTy::Inputs | ParamTy::Externs => String::new(),
        }
    }
}

/// A type that the language has, as specs write it; also what a picture says of one of the spec's.
#[must_use]
pub fn built_in(content: &Content) -> String {
    match content {
        Content::Scalar(scalar) => scalar_name(*scalar),
        Content::Magic(_) => "magic".to_owned(),
        Content::Bytes(length) => with_length("bytes", length),
        Content::Utf8(length) => with_length("utf8", length),
        Content::Utf16(length) => with_length("utf16", length),
        Content::Blob(length) => with_length("blob", length),
        Content::Zero(length) => with_length("zero", length),
        Content::Align(n) => format!("align({})", n.text),
        Content::CStr => "cstr".to_owned(),
        Content::PStr(n) => format!("pstr({})", number('u', *n)),
        Content::Lazy(_) => "lazy list".to_owned(),
        Content::Type { .. } => "type".to_owned(),
    }
}

/// Bytes as text, those that are none as escapes.
#[must_use]
pub fn bytes_text(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| core::ascii::escape_default(*b)).map(char::from).collect()
}

fn scalar_name(scalar: Scalar) -> String {
    match scalar {
        Scalar::UInt(n) => number('u', n),
        Scalar::Int(n) => number('i', n),
        Scalar::F32 => "f32".to_owned(),
        Scalar::F64 => "f64".to_owned(),
        Scalar::Bool => "bool".to_owned(),
        Scalar::Enum(_) => "enum".to_owned(),
        Scalar::Flags(_) => "flags".to_owned(),
        Scalar::Guid => "guid".to_owned(),
        Scalar::Uuid => "uuid".to_owned(),
        Scalar::Bytes(n) => format!("bytes({n})"),
    }
}

fn number(sign: char, bytes: u32) -> String {
    format!("{sign}{}", bytes.saturating_mul(8))
}

fn with_length(name: &str, length: &Length) -> String {
    match length {
        Length::Const(n) => format!("{name}({n})"),
        Length::Expr(e) => format!("{name}({})", e.text),
        Length::Rest => format!("{name}(rest)"),
        Length::Told(_) => name.to_owned(),
    }
}
