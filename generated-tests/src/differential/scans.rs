//! Journals: what the generated scan of a ring finds, and what the reference interpreter finds in the same bytes.

use vmspec_codegen::interpret::journal::{Scan, Why};
use vmspec_codegen::interpret::{Blob, Bytes, Node, Start, Value, Wanted, read_wanted, scan_journals};
use vmspec_codegen::model::Format;
use vmspec_runtime::Result;
use vmspec_runtime::journal::{Entry, Scan as Generated};

/// How many rejected entries the runtime tells.
const TOLD: usize = 16;

/// What the interpreter finds in the journal of a file's root, called `log`; none where there is none.
#[must_use]
pub fn interpreted(format: &Format, bytes: &dyn Bytes, wanted: &Wanted) -> Option<Scan> {
    let mut reading = read_wanted(format, Start { ty: format.root, at: 0, big: false }, bytes, wanted);
    assert_eq!(reading.error, None, "the root cannot be read");
    scan_journals(format, &mut reading, bytes, wanted);
    reading.root.record()?.fields.iter().find_map(|node| match &node.value {
        Value::Scan(scan) => Some((**scan).clone()),
        _ => None,
    })
}

/// Holds both to each other: heads, valid entries, the active sequence with its places, what is rejected and why, or why the
/// ring was not looked through.
#[track_caller]
pub fn agree<E: Entry>(generated: Result<Generated<E>>, scan: &Scan) {
    let generated = match generated {
        Ok(generated) => generated,
        Err(e) => {
            let trouble = scan.trouble.as_ref().unwrap_or_else(|| panic!("not refused: {e}"));
            return assert_eq!((e.class().name(), e.offset()), (trouble.class.name(), trouble.offset));
        }
    };
    assert_eq!(scan.trouble, None);
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let counts = (generated.heads, generated.foreign, generated.valid);
    assert_eq!(counts, (scan.heads, scan.foreign, count(scan.entries.len())), "heads, foreign, valid");
    let active: Vec<_> = generated.active.iter().map(|it| (it.start, it.length)).collect();
    let entries = scan.active.iter().filter_map(|index| scan.entries.get(*index));
    assert_eq!(active, entries.map(|it| (it.start, it.length)).collect::<Vec<_>>(), "the active sequence");
    rejected(&generated, scan);
}

/// Both tell the first of them; of the interpreter's some are foreign, which the runtime only counts.
fn rejected<E>(generated: &Generated<E>, scan: &Scan) {
    let wrong = scan.rejected.iter().filter_map(|it| match &it.why {
        Why::Foreign => None,
        Why::Wrong(why) => Some((it.start, why.class.name(), why.path.clone())),
    });
    let told = generated.rejected.iter().map(|it| (it.start, it.why.class().name(), it.why.path()));
    let both: Vec<_> = told.zip(wrong).take(TOLD).collect();
    for (told, wrong) in both {
        assert_eq!(told, wrong);
    }
    let counted = scan.heads.saturating_sub(u64::try_from(scan.entries.len()).unwrap_or(u64::MAX));
    assert_eq!(scan.rejected_in_all, counted, "every head is an entry or rejected");
}

/// Every value of an entry that is held lies where it says that it does.
#[track_caller]
pub fn lies_there(node: &Node, bytes: &dyn Bytes, scan: &Scan) {
    let each = |nodes: &mut dyn Iterator<Item = &Node>| nodes.for_each(|node| lies_there(node, bytes, scan));
    assert!((scan.ring.at..scan.ring.end()).contains(&node.at) || node.len == 0, "{:#x} is not in the ring", node.at);
    match &node.value {
        Value::Record(record) => each(&mut record.fields.iter().chain(&record.extras)),
        Value::Lazy(list) => {
            assert!(list.held.iter().all(|(index, node)| list.place(*index) == node.at));
            each(&mut list.held.values());
        }
        Value::Case(_, Some(body)) => lies_there(body, bytes, scan),
        Value::Bytes(value) | Value::Blob(Blob::Held(value)) => {
            let mut found = vec![0; value.len()];
            let before =
                found.len().min(usize::try_from(scan.ring.end().saturating_sub(node.at)).unwrap_or(usize::MAX));
            let (first, second) = found.split_at_mut(before);
            assert!(bytes.read_at(node.at, first).is_ok() && bytes.read_at(scan.ring.at, second).is_ok());
            assert_eq!(found, *value, "at {:#x}", node.at);
        }
        _ => {}
    }
}
