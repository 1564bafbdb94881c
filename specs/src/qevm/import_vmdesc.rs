//! Writes a spec of devices, in the spec language, from the descriptions that streams have of themselves.
//!
//! It is a start for somebody who writes specs, not a spec to trust: a description tells what was sent once, not what might have
//! been. The comments in the spec say what it could not know.

mod collect;
mod leaf;
mod merge;
mod names;
mod shapes;
mod write;

use super::schema::Schema;
use alloc::string::String;

/// A spec with a type for every vmstate of the devices, and a case of `device.body` for every idstr. A vmstate that several
/// streams have in one layout is one type, with the subsections of all, whatever their fields are called. Layouts that differ
/// become types of their own, unless one is a later version of another that only adds fields; the case is that of the highest
/// version, and of the last description. The same descriptions always give the same text.
///
/// ```
/// use vmspec::qevm::import_vmdesc::import;
/// use vmspec::qevm::schema::Schema;
///
/// let json = r#"{"devices": [{"name": "0000:00:02.0/toy", "instance_id": 0, "vmsd_name": "toy", "version": 2, "fields": [
///     {"name": "irq.level", "type": "uint32", "size": 4}, {"name": "regs", "array_len": 8, "type": "int64", "size": 8}]}]}"#;
/// let spec = import(&[Schema::parse(json)?]);
/// assert!(spec.ends_with("
/// extend:
///   device.body:
///     \".../toy\": {type: toy, with: {version: version}}
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
pub fn import(schemas: &[Schema<'_>]) -> String {
    let mut found = collect::collect(schemas);
    merge::merge_versions(&mut found);
    let names = names::type_names(&found);
    write::write(&found, &names, schemas.len())
}
