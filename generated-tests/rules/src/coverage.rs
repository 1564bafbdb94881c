//! The report of what the tests keep and break, and whether it is fresh.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use vmspec_codegen::interpret::trace::Aspect;

use crate::formats::{Failure, inputs, specs};
use crate::model::Model;
use crate::table::Table;
use crate::targets::Asked;
use crate::watch::{Answer, answer};

/// Where the report is.
pub const REPORT: &str = "docs/rule-coverage.md";
/// What cannot be shown.
pub const IMPLIED: &str = "implied.tsv";

const HEAD: &str = "\
# Rules that tests keep and break

Written by `cargo xtask rules`; `cargo xtask rules --check` says whether it is fresh, as a test of every run does.

A spec says in many ways what bytes may be: by rules, pinned values, constants, windows, most sizes, names, cases,
conditions. For each of these some input of the tests must keep it and be accepted, and some input must break it: be refused by
it, or accepted with a finding, or, for a condition, be a value in which it does not hold. The inputs are the examples of the
specs and those that are crafted from them, in `generated-tests/samples/rules`. What all of them give is held by
`generated-tests/tests/formats/generated`, for generated code and for the interpreter.

What the rest of a spec makes impossible is listed with its reason, from `generated-tests/rules/implied.tsv`. A line there that
is no longer true fails the check.
";

/// The whole report; fails where a table is wrong.
pub fn report() -> Result<String, Failure> {
    let (table, specs) = (Table::read(IMPLIED)?, specs()?);
    let mut out = String::from(HEAD);
    for spec in &specs {
        let model = Model::of(spec)?;
        out.push_str(&of_spec(&model, &table)?);
    }
    table.used_up(&specs)?;
    Ok(out)
}

/// How many are wanted, seen, and impossible: that it holds, and that it does not.
type Counts = [[usize; 3]; 2];

fn of_spec(model: &Model, table: &Table) -> Result<String, Failure> {
    let seen = seen(model)?;
    let mut counts: BTreeMap<Aspect, Counts> = BTreeMap::new();
    let (mut gaps, mut implied, mut wrong) = (Vec::new(), BTreeMap::<&str, Vec<String>>::new(), Vec::new());
    for (i, asked) in model.asked().iter().enumerate() {
        for (held, wanted) in [(true, asked.wanted.0), (false, asked.wanted.1)] {
            if !wanted {
                continue;
            }
            let [kept, broken] = counts.entry(asked.aspect).or_default();
            let [total, shown, never] = if held { kept } else { broken };
            *total = total.saturating_add(1);
            let line = line(asked, held);
            let (is_seen, reason) = (seen.contains(&answer(i, held)), table.reason(&model.spec, &line));
            match (is_seen, reason) {
                (true, Some(_)) => wrong.push(line),
                (true, None) => *shown = shown.saturating_add(1),
                (false, Some(reason)) => {
                    *never = never.saturating_add(1);
                    implied.entry(reason).or_default().push(line);
                }
                (false, None) => gaps.push(format!("{line} `{}`", asked.text)),
            }
        }
    }
    if !wrong.is_empty() {
        return Err(format!("{IMPLIED} says that nothing shows what an input shows:\n  {}", wrong.join("\n  ")));
    }
    Ok(section(model, &counts, &gaps, &implied))
}

/// All answers that the inputs of a format's tests give.
pub fn seen(model: &Model) -> Result<BTreeSet<Answer>, Failure> {
    let mut seen = BTreeSet::new();
    for (base, input) in inputs(&model.spec, &model.bases)? {
        let Some(of) = model.bases.get(base) else { continue };
        let shown = model.look(base, &input.of(&of.bytes));
        seen.extend(shown.into_iter().flat_map(|shown| shown.answers).map(|(answer, _)| answer));
    }
    Ok(seen)
}

/// An answer as tables and people write it.
pub fn line(asked: &Asked, held: bool) -> String {
    let word = if held { "not kept" } else { "not broken" };
    format!("{word}: {} {}", word_of(asked.aspect), asked.place)
}

fn section(
    model: &Model,
    counts: &BTreeMap<Aspect, Counts>,
    gaps: &[String],
    implied: &BTreeMap<&str, Vec<String>>,
) -> String {
    let mut out = format!(
        "\n## {}\n\n| what | kept | of | impossible | broken | of | impossible |\n|---|--:|--:|--:|--:|--:|--:|\n",
        model.spec
    );
    let mut sum = Counts::default();
    for (aspect, of) in counts {
        row(&mut out, word_of(*aspect), of);
        for (sum, n) in sum.iter_mut().flatten().zip(of.iter().flatten()) {
            *sum = sum.saturating_add(*n);
        }
    }
    row(&mut out, "all", &sum);
    list(&mut out, "Shown by no input:", gaps);
    for (reason, lines) in implied {
        list(&mut out, &format!("Impossible: {reason}"), lines);
    }
    out
}

fn row(out: &mut String, what: &str, [kept, broken]: &Counts) {
    let ([all, shown, never], [all_broken, shown_broken, never_broken]) = (kept, broken);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "| {what} | {shown} | {all} | {never} | {shown_broken} | {all_broken} | {never_broken} |");
}

fn list(out: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = write!(out, "\n{title}\n\n");
    for line in lines {
        let _ = writeln!(out, "- {line}");
    }
}

fn word_of(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Rule => "rule",
        Aspect::Soft => "soft rule",
        Aspect::Present => "presence",
        Aspect::Unlike => "nothing follows",
        Aspect::Placed => "offset",
        Aspect::Pin => "pinned value",
        Aspect::Constant => "constant bytes",
        Aspect::Known => "named value",
        Aspect::Kept => "kept value",
        Aspect::Text => "text",
        Aspect::Max => "most bytes",
        Aspect::MaxCount => "most elements",
        Aspect::Unique => "unique",
        Aspect::Disjoint => "disjoint",
        Aspect::GoesOn => "end of a list",
        Aspect::UsedUp => "window",
        Aspect::Value => "value of an enum",
        Aspect::Flag => "flag",
        Aspect::Case => "case",
        Aspect::Choice => "switch",
        Aspect::Big => "byte order",
        Aspect::Copy => "copy",
        Aspect::Newest => "newest copy",
        Aspect::Remembered => "memory",
        Aspect::Told => "length by hand",
    }
}

#[cfg(test)]
mod tests {
    use super::{REPORT, report};
    use crate::formats::root;

    #[test]
    fn the_report_is_fresh() -> Result<(), String> {
        let text = std::fs::read_to_string(root().join(REPORT)).map_err(|e| format!("{REPORT}: {e}"))?;
        assert!(text == report()?, "{REPORT} is stale: run `cargo xtask rules`");
        Ok(())
    }
}
