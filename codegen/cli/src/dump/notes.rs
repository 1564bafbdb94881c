//! What else is to be said of a field in a few words: what it follows from, what fixes it, what it is found by, in which order
//! its bytes are.

use vmspec_codegen::interpret::{Look, Value, What};
use vmspec_codegen::model::{Content, Drive, Format, OutsideDrive, Role, Struct, Type};

/// The notes on a node.
pub fn notes(look: &Look<'_>) -> Vec<String> {
    let mut all: Vec<String> = drivers(look);
    if look.is_pinned() {
        all.push("fixed".to_owned());
    }
    all.extend(look.copy.map(|i| format!("copies[{i}]")));
    if is_padding(look) {
        all.push("padding".to_owned());
    }
    if let (What::Field(..), Some(aside)) = (look.node.what, look.field.and_then(|field| field.aside.as_ref())) {
        all.push(format!("via {}", aside.offset.text));
    }
    if let Value::Lazy(_) = look.node.value {
        all.push("read one by one".to_owned());
    }
    all.extend(order(look).map(str::to_owned));
    all
}

/// The byte order that was found by trial.
pub fn order(look: &Look<'_>) -> Option<&'static str> {
    let big = look.node.record()?.order?;
    Some(if big { "big endian, by trial" } else { "little endian, by trial" })
}

/// Whether it has no name and is there so that the next field is at the right place.
fn is_padding(look: &Look<'_>) -> bool {
    let aligns = look.field.is_some_and(|field| matches!(field.content, Content::Align(_)));
    aligns && matches!(look.node.what, What::Field(..)) && matches!(look.node.value, Value::Zeros(_))
}

/// What it follows from: `size of area`.
pub fn drivers(look: &Look<'_>) -> Vec<String> {
    let What::Field(ty, id) = look.node.what else { return Vec::new() };
    match look.field.map(|field| &field.role) {
        Some(Role::Driven(drives)) => drives.iter().map(|drive| within(look.format.ty(ty), drive)).collect(),
        Some(Role::DrivenOutside) => {
            let of_it = |drive: &&OutsideDrive| drive.of == ty && drive.target == id;
            let all = outside(look.format).flat_map(|(ty, body)| body.drives.iter().map(move |drive| (ty, drive)));
            let found = all.filter(|(_, drive)| of_it(drive));
            found.flat_map(|(ty, drive)| drive.drives.iter().map(|drive| within(ty, drive))).collect()
        }
        _ => Vec::new(),
    }
}

/// As people say it in the type that both are in: without the name of that.
fn within(ty: &Type, drive: &Drive) -> String {
    drive.text.replace(&format!(" {}.", ty.name), " ")
}

/// All types that drive fields of others.
fn outside(format: &Format) -> impl Iterator<Item = (&Type, &Struct)> {
    format.types.iter().filter_map(|ty| ty.as_struct().map(|body| (ty, body)))
}
