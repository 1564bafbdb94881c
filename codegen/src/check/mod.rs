//! Rules over the whole model, one file per family. Read-only: nothing is worked out here that emitting needs.

mod ahead;
mod asides;
mod bounds;
mod cases;
mod copies;
mod cycles;
mod driven;
mod endless;
mod examples;
mod file_offsets;
mod journal;
mod layout;
mod named;
mod names;
mod rust_names;
mod state;
mod trial;
mod versions;
mod windows;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Body, Field, FieldId, Format, Type, TypeId};
use crate::resolve::{Entry, Written, exprs};
use crate::source::{Sources, Span};

/// Reports whatever the model says that cannot be built.
pub fn check(format: &Format, written: &Written<'_>, sources: &Sources, out: &mut Diagnostics) {
    let mut checker = Checker { format, written, sources, out };
    names::check(&mut checker);
    rust_names::check(&mut checker);
    named::check(&mut checker);
    versions::check(&mut checker);
    cases::check(&mut checker);
    layout::check(&mut checker);
    copies::check(&mut checker);
    windows::check(&mut checker);
    endless::check(&mut checker);
    ahead::check(&mut checker);
    asides::check(&mut checker);
    file_offsets::check(&mut checker);
    bounds::check(&mut checker);
    trial::check(&mut checker);
    driven::check(&mut checker);
    cycles::check(&mut checker);
    state::check(&mut checker);
    journal::check(&mut checker);
    examples::check(&mut checker);
}

/// What the rules look at, and where they report.
struct Checker<'c, 'a> {
    format: &'c Format,
    written: &'c Written<'a>,
    sources: &'c Sources,
    out: &'c mut Diagnostics,
}

/// A field, or the body of a case, with its place.
#[derive(Clone, Copy)]
struct At<'c, 'a> {
    /// Its type.
    ty: TypeId,
    /// Its number: of a case, that of the case.
    id: FieldId,
    /// What it means.
    field: &'c Field,
    /// How it is written.
    entry: Entry<'a>,
}

impl At<'_, '_> {
    fn name(&self) -> Span {
        self.entry.name.span
    }
}

impl<'c, 'a> Checker<'c, 'a> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.out.push(diagnostic);
    }

    fn error(&mut self, code: Code, message: impl Into<String>, span: Span, label: impl Into<String>) {
        self.report(Diagnostic::new(code, message, span, label));
    }

    fn types(&self) -> impl Iterator<Item = (TypeId, &'c Type)> + use<'c> {
        self.format.types.iter().enumerate().map(|(i, ty)| (TypeId(i), ty))
    }

    /// The fields of a type, or the bodies of its cases.
    fn fields(&self, ty: TypeId) -> Vec<At<'c, 'a>> {
        let format: &'c Format = self.format;
        let at = |(i, field): (usize, &'c Field)| {
            let entry = self.written.field(ty, FieldId(i))?;
            Some(At { ty, id: FieldId(i), field, entry })
        };
        match &format.ty(ty).body {
            Body::Struct(s) => s.fields.iter().enumerate().filter_map(at).collect(),
            Body::Union(u) => {
                let bodies = u.cases.iter().enumerate().filter_map(|(i, c)| Some((i, c.body.as_deref()?)));
                bodies.filter_map(at).collect()
            }
            Body::Bits(_) => Vec::new(),
        }
    }

    /// All fields of all types.
    fn all_fields(&self) -> Vec<At<'c, 'a>> {
        self.types().flat_map(|(id, _)| self.fields(id)).collect()
    }

    /// A field by its ids.
    fn at(&self, ty: TypeId, id: FieldId) -> Option<At<'c, 'a>> {
        self.fields(ty).into_iter().find(|at| at.id == id)
    }

    /// Where a text stands within something written, not as a part of a longer word.
    fn text_span(&self, within: Span, text: &str) -> Option<Span> {
        let whole = self.sources.text(within);
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let free = |at: usize| {
            let before = whole.get(..at).and_then(|t| t.chars().next_back());
            let behind = whole.get(at.saturating_add(text.len())..).and_then(|t| t.chars().next());
            let starts = text.starts_with(is_word) && before.is_some_and(is_word);
            let ends = text.ends_with(is_word) && behind.is_some_and(is_word);
            !starts && !ends
        };
        let (at, _) = whole.match_indices(text).find(|(at, _)| !text.is_empty() && free(*at))?;
        let start = within.range().start.saturating_add(at);
        Some(Span::new(within.file, start..start.saturating_add(text.len())))
    }
}
