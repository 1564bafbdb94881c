//! What a page says of parts of an integer.

use super::markdown::{Table, blocks, cell_lines, code, line};
use super::places::Places;
use super::rules;
use crate::model::{Bits, Part, PartKind};

impl Places<'_> {
    /// The parts, the least significant first.
    #[must_use]
    pub fn bits_text(&self, bits: &Bits) -> String {
        let mut table = Table::new(["Bits", "Width", "Name", "Type", "Meaning"]);
        for part in &bits.parts {
            table.row([range(part), part.width.to_string(), code(&part.name), self.part(part), meaning(part)]);
        }
        let head =
            format!("Parts of an integer of {} bits, bit 0 the least significant.", bits.bytes.saturating_mul(8));
        blocks([head, table.text(), rules::list("require", &bits.require)])
    }
}

/// `7`, or `7 to 3`.
#[must_use]
pub fn range(part: &Part) -> String {
    let last = part.shift.saturating_add(part.width).saturating_sub(1);
    if last == part.shift { last.to_string() } else { format!("{last} to {}", part.shift) }
}

fn meaning(part: &Part) -> String {
    let kept = (part.kind == PartKind::ZeroKept).then(|| "other bits are kept".to_owned());
    let failure = rules::fails_as(part.class, part.say.as_deref());
    let notes = part.unknown.as_ref().map(rules::unknown).into_iter().chain(kept).chain(failure);
    let rules = [rules::lines("valid", &part.valid), rules::lines("expect", &part.expect)].concat();
    cell_lines(std::iter::once(line(part.doc.as_deref())).chain(notes).chain(rules))
}
