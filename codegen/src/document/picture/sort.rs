//! Sorts of cells, which a picture tells by colour.

use super::super::places::Places;
use crate::model::{Content, Field, Role, Scalar};

/// What a cell is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Always the same, or worked out: magics, pinned values.
    Fixed,
    /// A number.
    Number,
    /// An enum, flags or a truth value.
    Choice,
    /// Text, a guid.
    Text,
    /// Bytes, payload.
    Bytes,
    /// A type of the spec.
    Type,
    /// Zeros, padding.
    Reserved,
    /// Bytes that no field covers.
    Gap,
}

const ALL: &[(Sort, &str)] = &[
    (Sort::Fixed, "always the same or worked out"),
    (Sort::Number, "a number"),
    (Sort::Choice, "an enum, flags, a truth value"),
    (Sort::Text, "text, a guid"),
    (Sort::Bytes, "bytes"),
    (Sort::Type, "a type of its own"),
    (Sort::Reserved, "zeros, padding"),
    (Sort::Gap, "no field"),
];

impl Sort {
    /// That of a field.
    #[must_use]
    pub fn of(field: &Field) -> Self {
        match (&field.role, field.content.element()) {
            (Role::Pinned(_), _) | (_, Content::Magic(_)) => Self::Fixed,
            (_, Content::Zero(_) | Content::Align(_)) => Self::Reserved,
            (_, Content::Type { .. }) => Self::Type,
            (_, Content::Utf8(_) | Content::Utf16(_) | Content::CStr | Content::PStr(_)) => Self::Text,
            (_, Content::Scalar(scalar)) => Self::of_scalar(*scalar),
            (_, Content::Bytes(_) | Content::Blob(_) | Content::Lazy(_)) => Self::Bytes,
        }
    }

    fn of_scalar(scalar: Scalar) -> Self {
        match scalar {
            Scalar::UInt(_) | Scalar::Int(_) | Scalar::F32 | Scalar::F64 => Self::Number,
            Scalar::Bool | Scalar::Enum(_) | Scalar::Flags(_) => Self::Choice,
            Scalar::Guid | Scalar::Uuid => Self::Text,
            Scalar::Bytes(_) => Self::Bytes,
        }
    }

    /// Its colour, which lets what is behind it through: it is on light pages and on dark ones.
    #[must_use]
    pub fn colour(self) -> &'static str {
        match self {
            Self::Fixed => "#e0861a",
            Self::Number => "#3d86e0",
            Self::Choice => "#9b63d8",
            Self::Text => "#35a355",
            Self::Bytes => "#7f8794",
            Self::Type => "#14a3a3",
            Self::Reserved | Self::Gap => "transparent",
        }
    }
}

/// What the colours mean, as a line of a page.
#[must_use]
pub fn legend() -> String {
    let one = |(sort, text): &(Sort, &str)| {
        let colour = sort.colour();
        let border = if *sort == Sort::Gap { "dashed" } else { "solid" };
        let fill = if colour == "transparent" { String::new() } else { format!("background:{colour}59;") };
        format!("<span class=\"vmspec-sort\" style=\"{fill}border-style:{border}\"></span> {text}")
    };
    let all: Vec<String> = ALL.iter().map(one).collect();
    format!("Colours of the pictures: {}.", all.join(", "))
}

impl Places<'_> {
    /// Where the type of a field is described.
    #[must_use]
    pub fn field_target(&self, field: &Field) -> Option<String> {
        match (&field.journal, field.content.element()) {
            (Some(journal), _) => Some(self.type_target(journal.entry)),
            (None, Content::Type { id, .. }) => Some(self.type_target(*id)),
            (None, Content::Scalar(Scalar::Enum(id))) => Some(self.enum_target(*id)),
            (None, Content::Scalar(Scalar::Flags(id))) => Some(self.flags_target(*id)),
            _ => None,
        }
    }
}
