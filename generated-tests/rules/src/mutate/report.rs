//! The report of what tests notice.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use super::{Fate, Mutated};
use crate::formats::{Failure, root};
use crate::options::Options;
use crate::table::Table;

const REPORT: &str = "docs/rule-mutation.md";
/// Changes that change nothing.
const EQUIVALENT: &str = "equivalent.tsv";

const HEAD: &str = "\
# Changes of specs that tests notice

Written by `cargo xtask mutate`.

Each change drops, turns or moves one thing that a spec says. What is a spec no more is refused and does not count. Others are
read with all inputs of `generated-tests/samples/rules`; a change is noticed where one of these is refused where it was not, or in
another place or with another class, or has another value, other findings, or is written otherwise. For others damaged inputs
are tried: one that tells is a gap. What no input tells is listed with the reason that `generated-tests/rules/equivalent.tsv`
gives. Left out are words, examples, first values of builders, and how a journal is replayed, none of which a reading shows.
";

/// Refused, noticed, told by damage, told by nothing with a reason, and without.
type Counts = [usize; 5];

struct Found<'m> {
    counts: BTreeMap<&'static str, Counts>,
    gaps: Vec<String>,
    open: Vec<String>,
    reasons: BTreeMap<String, Vec<&'m (super::Mutant, Fate)>>,
}

/// What became of the changes of one spec, in a line.
pub fn summary(of: &Mutated) -> String {
    let count = |is: fn(&Fate) -> bool| of.all.iter().filter(|(_, fate)| is(fate)).count();
    let refused = count(|fate| *fate == Fate::Refused);
    let (killed, told) = (count(|fate| *fate == Fate::Killed), count(|fate| matches!(fate, Fate::Told(..))));
    let survived = count(|fate| *fate == Fate::Survived);
    let all = of.all.len();
    format!(
        "{}: {all} changes, {refused} refused, {killed} noticed, {told} told by damage, {survived} by nothing, ",
        of.spec
    )
}

/// Writes the report of all specs; of some alone it says what is not explained.
pub fn write(all: &[Mutated], options: &Options) -> Result<(), Failure> {
    let table = Table::read(EQUIVALENT)?;
    let mut out = format!("{HEAD}\nSeed {}, {} damaged inputs for each spec.\n", options.seed, options.damage);
    for of in all {
        let found = sorted(of, &table);
        let lines = if options.only.is_empty() {
            found.gaps.iter().chain(&found.open).cloned().collect()
        } else {
            each(of, &table)
        };
        for line in lines {
            println!("  {line}");
        }
        section(&mut out, of, &found);
    }
    if !options.takes_all() {
        return Ok(());
    }
    let specs: Vec<String> = all.iter().map(|of| of.spec.clone()).collect();
    let path = root().join(REPORT);
    fs::write(&path, out).map_err(|e| format!("{}: {e}", path.display()))?;
    table.used_up(&specs)
}

/// What became of each change.
fn each(of: &Mutated, table: &Table) -> Vec<String> {
    let line = |(mutant, fate): &(super::Mutant, Fate)| {
        let name = mutant.full_name();
        let fate = match fate {
            Fate::Refused => "refused",
            Fate::Killed => "noticed",
            Fate::Told(..) => "damage tells",
            Fate::Survived => table.reason(&of.spec, &name).map_or("not explained", |_| "equivalent"),
        };
        format!("{name} ({fate})")
    };
    of.all.iter().map(line).collect()
}

fn sorted<'m>(of: &'m Mutated, table: &Table) -> Found<'m> {
    let mut found = Found { counts: BTreeMap::new(), gaps: Vec::new(), open: Vec::new(), reasons: BTreeMap::new() };
    for entry in &of.all {
        let (mutant, fate) = entry;
        let name = mutant.full_name();
        let column = match fate {
            Fate::Refused => 0,
            Fate::Killed => 1,
            Fate::Told(..) => {
                found.gaps.push(format!("{name} (damage tells)"));
                2
            }
            Fate::Survived => {
                if let Some(reason) = table.reason(&of.spec, &name) {
                    found.reasons.entry(reason.to_owned()).or_default().push(entry);
                    3
                } else {
                    found.open.push(name);
                    4
                }
            }
        };
        if let Some(n) = found.counts.entry(mutant.kind).or_default().get_mut(column) {
            *n = n.saturating_add(1);
        }
    }
    found
}

fn section(out: &mut String, of: &Mutated, found: &Found<'_>) {
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "\n## {}\n\n| change | made | refused | noticed | gaps | equivalent | not explained |\n|---|--:|--:|--:|--:|--:|--:|\n",
        of.spec
    );
    let mut sum = Counts::default();
    for (kind, counts) in &found.counts {
        row(out, kind, counts);
        sum.iter_mut().zip(counts).for_each(|(sum, n)| *sum = sum.saturating_add(*n));
    }
    row(out, "all", &sum);
    list(out, "Gaps:", &found.gaps);
    list(out, "Not explained:", &found.open);
    for (reason, entries) in &found.reasons {
        let names: Vec<String> = entries.iter().map(|(mutant, _)| mutant.full_name()).collect();
        list(out, &format!("Equivalent: {reason}"), &names);
    }
}

fn row(out: &mut String, what: &str, counts: &Counts) {
    let made: usize = counts.iter().sum();
    let [refused, killed, told, same, open] = counts;
    let _ = writeln!(out, "| {what} | {made} | {refused} | {killed} | {told} | {same} | {open} |");
}

fn list(out: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = write!(out, "\n{title}\n\n");
    for line in lines {
        let _ = writeln!(out, "- `{line}`");
    }
}
