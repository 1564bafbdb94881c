//! What else is to be said of a field in a few words: what it follows from, what fixes it, in which order its bytes are.

use vmspec_codegen::interpret::{Look, Value, What};
use vmspec_codegen::model::{Content, Format, OutsideDrive, Role};

/// The notes on a node.
pub fn notes(look: &Look<'_>) -> Vec<String> {
    let mut all: Vec<String> = drivers(look);
    if look.is_pinned() {
        all.push("fixed".to_owned());
    }
    if is_padding(look) {
        all.push("padding".to_owned());
    }
    if let Some(big) = look.node.record().and_then(|record| record.order) {
        all.push(format!("{} endian, by trial", if big { "big" } else { "little" }));
    }
    all
}

/// Whether it has no name and is there so that the next field is at the right place.
fn is_padding(look: &Look<'_>) -> bool {
    let aligns = look.field.is_some_and(|field| matches!(field.content, Content::Align(_)));
    aligns && matches!(look.node.what, What::Field(..)) && matches!(look.node.value, Value::Zeros(_))
}

/// What it follows from: `size of area`.
fn drivers(look: &Look<'_>) -> Vec<String> {
    let What::Field(ty, id) = look.node.what else { return Vec::new() };
    match look.field.map(|field| &field.role) {
        Some(Role::Driven(drives)) => drives.iter().map(|drive| drive.text.clone()).collect(),
        Some(Role::DrivenOutside) => {
            let of_it = |drive: &&OutsideDrive| drive.of == ty && drive.target == id;
            let drives = outside(look.format).filter(of_it).flat_map(|drive| &drive.drives);
            drives.map(|drive| drive.text.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// All drivers of fields of other types.
fn outside(format: &Format) -> impl Iterator<Item = &OutsideDrive> {
    format.types.iter().filter_map(|ty| ty.as_struct()).flat_map(|body| &body.drives)
}
