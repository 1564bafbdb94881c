//! Writes a spec of devices, in the spec language, from the descriptions that streams have of themselves.
//!
//! It is a start for somebody who writes specs, not a spec to trust: a description tells what was sent once, not what might have
//! been. The comments in the spec say what it could not know.

mod base;
mod cases;
mod collect;
mod leaf;
mod merge;
mod names;
mod shapes;
mod write;

use super::schema::Schema;
use alloc::string::String;

pub use base::Base;

/// A spec with a type for every vmstate of the devices, and a case of `device.body` for every idstr. A vmstate that several
/// streams have in one layout is one type, with the subsections of all, whatever their fields are called. Layouts that differ
/// become types of their own, unless one is a later version of another that only adds fields. The case is that
/// of the highest version, and of the last description; it is for the versions of its type alone.
///
/// The spec lies beside `qevm.yaml`, which it uses. As a spec of its own it reads streams with these devices; once `qevm.yaml` uses
/// it, it is a part of the format. What that has already is told by a [`Base`].
///
/// ```
/// use vmspec::qevm::import_vmdesc::{Base, import};
/// use vmspec::qevm::schema::Schema;
///
/// let json = r#"{"devices": [{"name": "0000:00:02.0/toy", "instance_id": 0, "vmsd_name": "toy", "version": 2, "fields": [
///     {"name": "irq.level", "type": "uint32", "size": 4}, {"name": "regs", "array_len": 8, "type": "int64", "size": 8}]}]}"#;
/// let spec = import(&[Schema::parse(json)?], &Base::default());
/// assert!(spec.ends_with("
/// extend:
///   device.body:
///     \".../toy\": {type: toy, if: version == 2, with: {version: version}}
///
/// types:
///   toy:
///     vmstate: toy
///     version: {current: 2, minimum: 2}
///     fields:
///       - irq_level: {type: u32, as: \"irq.level\"}
///       - regs: {type: i64, count: 8}
/// "));
/// # Ok::<(), vmspec::Error>(())
/// ```
#[must_use]
pub fn import(schemas: &[Schema<'_>], base: &Base) -> String {
    let mut found = collect::collect(schemas);
    merge::merge_versions(&mut found);
    let names = names::type_names(&found, base);
    let cases = cases::cases(&found, &names, base);
    write::write(&found, &names, &cases, schemas.len())
}
