//! Drawing the parts of an integer: 32 bits to a row, the most significant one first.

use super::super::bits::range;
use super::super::markdown::sentence;
use super::super::places::Places;
use super::draw::{LEFT, area, boxed, centred, framed, quiet};
use super::label::{cut, lines, room};
use super::plan::Cell;
use super::sort::Sort;
use super::svg::Element;
use crate::model::{Bits, Part, PartKind};

const BIT: u32 = 22;
const ROW: u32 = 32;
const HEAD: u32 = 18;
const HIGH: u32 = 74;

/// The picture of an integer.
#[must_use]
pub fn draw(places: &Places<'_>, name: &str, bits: &Bits) -> Element {
    let width = bits.bytes.saturating_mul(8);
    let mut parts = Vec::new();
    let mut y = 2_u32;
    for row in (0..width.div_ceil(ROW)).rev() {
        let low = row.saturating_mul(ROW);
        let high = low.saturating_add(ROW).min(width);
        for part in bits.parts.iter().rev() {
            parts.extend(piece(places, part, (low, high), y));
        }
        y = y.saturating_add(HEAD).saturating_add(HIGH);
    }
    let spoken: Vec<String> = bits.parts.iter().map(|part| format!("{} bits {}", part.name, range(part))).collect();
    framed(&format!("Bits of {name}: {}", spoken.join(", ")), y.saturating_add(2), parts)
}

/// What of a part lies in a row, with the numbers of its first and last bit above.
fn piece(places: &Places<'_>, part: &Part, (low, high): (u32, u32), y: u32) -> Vec<Element> {
    let first = part.shift.max(low);
    let end = part.shift.saturating_add(part.width).min(high);
    if first >= end {
        return Vec::new();
    }
    let x = LEFT.saturating_add(high.saturating_sub(end).saturating_mul(BIT));
    let width = end.saturating_sub(first).saturating_mul(BIT);
    let last = end.saturating_sub(1);
    let number = |bit: u32| {
        let x = LEFT.saturating_add(high.saturating_sub(bit).saturating_sub(1).saturating_mul(BIT));
        quiet(centred(x.saturating_add(BIT / 2), y.saturating_add(12), &bit.to_string()))
    };
    let mut out = vec![number(last)];
    out.extend((first < last).then(|| number(first)));
    let (cell, top) = (cell(places, part), y.saturating_add(HEAD));
    let mut shape = vec![area(cell.sort, (x, top), (width, HIGH))];
    shape.extend(name(&cell, (x, top), width));
    out.push(boxed(&cell, shape));
    out
}

/// The name of a part: on its side, where it is too narrow.
fn name(cell: &Cell, (x, y): (u32, u32), width: u32) -> Vec<Element> {
    let (middle, centre) = (x.saturating_add(width / 2), y.saturating_add(HIGH / 2));
    if width < BIT.saturating_mul(2) {
        let text = centred(middle, centre.saturating_add(4), &cut(&cell.name, room(HIGH)));
        return vec![text.set("transform", format!("rotate(-90 {middle} {centre})"))];
    }
    let texts = lines(&cell.name, room(width), 4);
    let count = u32::try_from(texts.len()).unwrap_or(0);
    let top = centre.saturating_add(11).saturating_sub(count.saturating_mul(7));
    let line = |(i, text): (usize, &String)| {
        let down = u32::try_from(i).unwrap_or(0).saturating_mul(13);
        centred(middle, top.saturating_add(down), text)
    };
    texts.iter().enumerate().map(line).collect()
}

fn cell(places: &Places<'_>, part: &Part) -> Cell {
    let (sort, link) = match part.kind {
        PartKind::UInt => (Sort::Number, None),
        PartKind::Bool => (Sort::Choice, None),
        PartKind::Enum(id) => (Sort::Choice, Some(places.enum_target(id))),
        PartKind::Zero | PartKind::ZeroKept => (Sort::Reserved, None),
    };
    let doc = sentence(part.doc.as_deref()).replace('`', "");
    let hint = format!("{}: {}, bits {}. {doc}", part.name, part.written, range(part));
    Cell {
        at: 0,
        len: 0,
        name: part.name.clone(),
        detail: part.written.clone(),
        hint: hint.trim_end().to_owned(),
        sort,
        link,
        step: None,
    }
}
