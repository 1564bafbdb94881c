//! Pictures of how the bytes of a record lie: 16 to a row, a cell for each field; parts of an integer by their bits.

mod bits;
mod draw;
mod label;
mod plan;
mod rows;
mod sort;
mod svg;

use super::offset::offsets;
use super::places::Places;
use crate::model::{Body, Format, TypeId};
use svg::Element;

pub use sort::legend;

/// The picture of a type as SVG: of a struct or of parts of an integer that has any bytes.
#[must_use]
pub fn picture(format: &Format, id: TypeId) -> Option<String> {
    drawn(&Places::new(format), id).map(|element| element.to_string())
}

/// The picture as a figure of a page, and nothing where there is none.
#[must_use]
pub fn figure(places: &Places<'_>, id: TypeId) -> String {
    let figure = drawn(places, id).map(|svg| format!("<figure class=\"vmspec-layout\">\n{svg}\n</figure>"));
    figure.unwrap_or_default()
}

fn drawn(places: &Places<'_>, id: TypeId) -> Option<Element> {
    let ty = places.format.ty(id);
    match &ty.body {
        Body::Struct(s) => {
            let pieces = plan::pieces(places, s, &offsets(places.format, s));
            (!pieces.is_empty()).then(|| draw::draw(&ty.name, &pieces))
        }
        Body::Bits(bits) => Some(bits::draw(places, &ty.name, bits)),
        Body::Union(_) => None,
    }
}
