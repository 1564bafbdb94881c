//! What was found in a journal, in words.

use vmspec_codegen::diagnostic::printable;
use vmspec_codegen::interpret::journal::{Rejected, Scan, Why};
use vmspec_codegen::interpret::{Look, Turn, Value};

use super::value::size;
use crate::plural::plural;

/// How many entries of the active sequence are named.
const NAMED: usize = 16;

/// The journal that a node is.
pub fn of<'l>(look: &'l Look<'_>) -> Option<&'l Scan> {
    match &look.node.value {
        Value::Scan(scan) => Some(scan),
        _ => None,
    }
}

/// A journal in a few words.
pub fn gist(scan: &Scan) -> String {
    let entries = plural(size(scan.entries.len()), "entry");
    match (scan.live, scan.active.len()) {
        _ if scan.trouble.is_some() => "not looked through".to_owned(),
        (false, _) => format!("{entries}, nothing to be replayed"),
        (true, 0) => format!("{entries}, none that can be replayed"),
        (true, n) => format!("{entries}, {n} to be replayed"),
    }
}

/// Whether an entry is of the active sequence, and lies in one piece.
pub fn turn(of: &Turn) -> String {
    let active = match of.turn {
        Some(turn) => format!("active, {} of {}", turn.saturating_add(1), of.count),
        None => "not active".to_owned(),
    };
    if of.comes_round { format!("{active}, comes round the end") } else { active }
}

/// All that there is to say of a journal beside its entries: what stands in front of these, and behind them.
pub fn lines(look: &Look<'_>) -> (Vec<String>, Vec<String>) {
    let Some(scan) = of(look) else { return (Vec::new(), Vec::new()) };
    let mut before = vec![strides(scan)];
    before.extend(scan.trouble.as_ref().map(|why| format!("not looked through: {}", printable(&why.to_string()))));
    before.extend((!scan.active.is_empty()).then(|| format!("active sequence: {}", named(&scan.active))));
    let wrong = scan.rejected.iter().filter(|it| it.why != Why::Foreign);
    let mut behind: Vec<_> = wrong.map(|it| rejected(look, scan, it)).collect();
    behind.extend(foreign(look, scan));
    let more = scan.rejected_in_all.saturating_sub(size(scan.rejected.len()));
    behind.extend((more > 0).then(|| format!("and {more} more rejected")));
    (before, behind)
}

fn strides(scan: &Scan) -> String {
    let (strides, stride) = (plural(scan.ring.strides(), "stride"), plural(scan.ring.stride, "byte"));
    let verb = if scan.heads == 1 { "begins" } else { "begin" };
    let heads = if scan.heads == 0 { "none".to_owned() } else { scan.heads.to_string() };
    format!("{strides} of {stride}, of which {heads} {verb} as an entry does")
}

/// The indices of entries, in order.
fn named(all: &[usize]) -> String {
    let shown: Vec<_> = all.iter().take(NAMED).map(|index| format!("[{index}]")).collect();
    let last = all.last().filter(|_| all.len() > NAMED).map(|last| format!(", ... to [{last}]"));
    format!("{}{}", shown.join(", "), last.unwrap_or_default())
}

/// All heads that are told and are not accepted, for the same reason.
fn foreign(look: &Look<'_>, scan: &Scan) -> Option<String> {
    let foreign = scan.rejected.iter().filter(|it| it.why == Why::Foreign);
    let places: Vec<_> = foreign.map(|it| format!("{:#x}", scan.ring.offset(it.start))).collect();
    (!places.is_empty()).then(|| format!("rejected at {}: {}", places.join(", "), why(look, &Why::Foreign)))
}

fn rejected(look: &Look<'_>, scan: &Scan, it: &Rejected) -> String {
    format!("rejected at {:#x}: {}", scan.ring.offset(it.start), why(look, &it.why))
}

/// Why something is no entry.
pub fn why(look: &Look<'_>, why: &Why) -> String {
    match why {
        Why::Wrong(trouble) => printable(&trouble.to_string()),
        Why::Foreign => format!("not accepted, as `{}` does not hold", printable(accept(look))),
    }
}

/// The condition on which an entry belongs to a journal.
fn accept<'a>(look: &Look<'a>) -> &'a str {
    look.field.and_then(|field| field.journal.as_ref()).map_or("", |journal| &journal.accept.text)
}

/// What is to be said of a byte that lies in a journal, and in none of its entries.
pub fn outside(look: &Look<'_>, offset: u64) -> Option<String> {
    let scan = of(look)?;
    if scan.trouble.is_some() {
        return None;
    }
    let in_stride = |it: &&Rejected| scan.ring.reaches(scan.ring.offset(it.start), scan.ring.stride, offset);
    let head = scan.rejected.iter().find(in_stride);
    Some(head.map_or_else(|| "in no valid entry".to_owned(), |it| format!("none: {}", rejected(look, scan, it))))
}
