//! The journals of a value that was read: each is looked through, and what was found takes the place of its bytes.

use super::Scan;
use super::place::{fold, fold_trouble};
use super::scanner::{Looked, entry, scan};
use crate::interpret::Reading;
use crate::interpret::bytes::Bytes;
use crate::interpret::lazy::Wanted;
use crate::interpret::read::Sparse;
use crate::interpret::tree::{Blob, Node, Record, Value, What};
use crate::interpret::trouble::Trouble;
use crate::model::{FieldId, Format, TypeId};
use std::collections::BTreeSet;

/// Memory for trees of entries, of one journal.
const MOST_HELD: usize = 128 << 20;
/// Most findings of entries that are held.
const MOST_FINDINGS: usize = 1_000;

/// Looks through every journal of a value. Entries are held as elements of lists are that are read one by one: the first, the
/// last, those at paths such as `log[7]`, and as many of the active sequence. What is odd about them becomes a finding.
pub fn scan_journals(format: &Format, reading: &mut Reading, bytes: &dyn Bytes, wanted: &Wanted) {
    let has_journal = |id: usize| journals(format, TypeId(id)).next().is_some();
    if !(0..format.types.len()).any(has_journal) {
        return;
    }
    let mut within = Within { format, bytes, wanted, findings: Vec::new(), left_out: 0 };
    within.node(&mut reading.root, "");
    reading.findings.append(&mut within.findings);
    reading.left_out = reading.left_out.saturating_add(within.left_out);
}

/// The fields of a type that are journals.
fn journals(format: &Format, ty: TypeId) -> impl Iterator<Item = FieldId> {
    let fields = format.ty(ty).as_struct().map_or(&[][..], |s| &s.fields);
    fields.iter().enumerate().filter(|(_, field)| field.journal.is_some()).map(|(i, _)| FieldId(i))
}

struct Within<'a> {
    format: &'a Format,
    bytes: &'a dyn Bytes,
    wanted: &'a Wanted,
    findings: Vec<Trouble>,
    left_out: u64,
}

impl Within<'_> {
    fn node(&mut self, node: &mut Node, path: &str) {
        match &mut node.value {
            Value::Record(record) => self.record(record, path),
            Value::List(nodes) => {
                for (i, node) in nodes.iter_mut().enumerate() {
                    self.node(node, &format!("{path}[{i}]"));
                }
            }
            Value::Case(_, Some(body)) => self.node(body, path),
            _ => {}
        }
    }

    fn record(&mut self, record: &mut Record, path: &str) {
        for i in 0..record.fields.len() {
            let Some(node) = record.fields.get(i) else { continue };
            let What::Field(ty, id) = node.what else { continue };
            let Some(field) = self.format.field(ty, id) else { continue };
            let path = if path.is_empty() { field.name.clone() } else { format!("{path}.{}", field.name) };
            let place = (node.at, node.len);
            let found = match (&field.journal, &node.value) {
                (Some(journal), Value::Blob(Blob::File(_))) => {
                    let holder = (ty, &*record);
                    let looked = Looked { format: self.format, journal, holder, bytes: self.bytes };
                    Some(self.journal(looked, place, &path))
                }
                _ => None,
            };
            let Some(node) = record.fields.get_mut(i) else { continue };
            match found {
                Some(scan) => node.value = Value::Scan(Box::new(scan)),
                None => self.node(node, &path),
            }
        }
    }

    fn journal(&mut self, looked: Looked<'_>, place: (u64, u64), path: &str) -> Scan {
        let mut scan = scan(looked, place);
        let mut room = MOST_HELD;
        for index in self.chosen(&scan, path) {
            let Some(placed) = scan.entries.get(index) else { continue };
            let path = format!("{path}[{index}]");
            let mut reading = entry(looked, scan.ring, *placed, Sparse { wanted: self.wanted, path: &path, room });
            let Some(left) = room.checked_sub(reading.root.weight()) else { break };
            room = left;
            reading.root.what = What::Entry(looked.journal.entry, index);
            fold(&mut reading.root, scan.ring);
            scan.held.insert(index, reading.root);
            self.left_out = self.left_out.saturating_add(reading.left_out);
            for finding in reading.findings {
                self.note(fold_trouble(finding, scan.ring));
            }
        }
        scan
    }

    /// The entries that are looked into: those of the active sequence before others, as there may not be room for all.
    fn chosen(&self, scan: &Scan, path: &str) -> Vec<usize> {
        let index = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let turns = Wanted { first: self.wanted.first, ..Wanted::default() }.of(path, count(scan.active.len()));
        let active = turns.into_iter().filter_map(|turn| scan.active.get(index(turn)).copied());
        let others = self.wanted.of(path, count(scan.entries.len())).into_iter().map(index);
        let mut known = BTreeSet::new();
        active.chain(others).filter(|index| known.insert(*index)).collect()
    }

    fn note(&mut self, finding: Trouble) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }
}
