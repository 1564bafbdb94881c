//! What generated code is meant to reach, and what it reached.

use std::fmt::Write;

use super::given::Given;
use crate::rounds::Measured;

/// How a goal is measured.
enum Of {
    /// Times as fast as another case of the group.
    Time { group: &'static str, case: &'static str, against: &'static str },
    /// Times as few instructions as another case of the group, or binrw's derive where none is named.
    Instructions { group: &'static str, case: &'static str, against: Option<&'static str> },
    /// A part of what derived code costs. Less is better.
    Cost(&'static str),
}

/// What is to be reached.
struct Goal {
    number: u8,
    what: &'static str,
    of: Of,
    bound: f64,
}

const fn time(number: u8, what: &'static str, of: [&'static str; 3], bound: f64) -> Goal {
    let [group, case, against] = of;
    Goal { number, what, of: Of::Time { group, case, against }, bound }
}

const fn instructions(what: &'static str, case: &'static str, against: Option<&'static str>, bound: f64) -> Goal {
    Goal { number: 5, what, of: Of::Instructions { group: "header", case, against }, bound }
}

const fn cost(what: &'static str, key: &'static str, bound: f64) -> Goal {
    Goal { number: 8, what, of: Of::Cost(key), bound }
}

#[rustfmt::skip]
const GOALS: &[Goal] = &[
    time(1, "descriptors: views, of derive", ["descriptors", "views", "derive"], 15.0),
    time(1, "descriptors: slice to owned, of derive", ["descriptors", "slice", "derive"], 8.0),
    time(1, "descriptors: `BinRead`, of derive", ["descriptors", "read", "derive"], 6.0),
    time(2, "descriptors in a file: read as a whole, of derive on std's `BufReader`", ["descriptors-file", "slice", "derive"], 100.0),
    time(2, "descriptors in a file: read as a whole, of derive on binrw's `BufReader`", ["descriptors-file", "slice", "derive-binrw"], 6.0),
    time(3, "log entry: views, of a copy", ["entry", "views", "copy"], 10.0),
    time(3, "log entry: borrowed and validated, of CRC-32C alone", ["entry", "borrowed", "crc"], 0.93),
    time(3, "log entry: found and validated in a ring, of CRC-32C alone", ["log-ring", "whole", "crc"], 0.93),
    time(3, "log entry: round the end of the ring, of one in one piece", ["log-ring", "wrapped", "whole"], 0.95),
    time(3, "log: search for heads, of derive", ["log-scan", "head", "derive"], 8.0),
    time(4, "pages in memory: restored, of the same copies", ["pages-restore", "slice", "copy"], 0.95),
    time(4, "pages in a file: gone through, of a bare loop of reads", ["pages-file", "pull-ahead", "bare"], 0.95),
    time(4, "pages in a file: gone through, of derive on std's `BufReader`", ["pages-file", "pull-ahead", "derive"], 8.0),
    instructions("headers: `BinRead`, of derive without rules, in instructions", "read", None, 3.0),
    instructions("headers: `BinRead`, of derive that checks the same, in instructions", "read", Some("checking"), 2.2),
    instructions("headers: views, of derive without rules, in instructions", "views", None, 7.0),
    time(5, "sections: `BinRead`, of derive", ["sections", "read", "derive"], 2.4),
    time(5, "sections: slice to owned, of derive", ["sections", "slice", "derive"], 3.0),
    time(5, "sections: views, of derive", ["sections", "views", "derive"], 8.0),
    time(6, "descriptors: `BinWrite`, of derive", ["descriptors-write", "write", "derive"], 3.0),
    time(6, "headers: `BinWrite`, of derive without rules", ["header-write", "write", "derive"], 5.0),
    time(6, "sections: `BinWrite`, of derive", ["sections-write", "write", "derive"], 1.7),
    time(6, "descriptors: to a `Vec`, of derive", ["descriptors-write", "write-to", "derive"], 4.5),
    time(6, "sections: to a `Vec`, of derive", ["sections-write", "write-to", "derive"], 3.5),
    cost("60 types: release build, of derive", "build", 0.6),
    cost("60 types: LLVM IR, of derive", "ir", 0.35),
    cost("60 types: code, of derive", "code", 0.35),
];

/// A table of the goals.
pub fn table(measured: &[Measured], given: &Given) -> String {
    let mut text = "| # | what | goal | reached | |\n|--:|---|--:|--:|---|\n".to_owned();
    for goal in GOALS {
        let (bound, digits) = (goal.bound, if goal.bound < 1.0 { 2 } else { 1 });
        let sign = if matches!(goal.of, Of::Cost(_)) { '≤' } else { '≥' };
        let (reached, verdict) = match goal.reached(measured, given) {
            None => ("not measured".into(), ""),
            Some(it) if goal.is_met(it) => (format!("{it:.digits$}"), "yes"),
            Some(it) => (format!("{it:.digits$}"), "no"),
        };
        let _ = writeln!(text, "| {} | {} | {sign} {bound:.digits$} | {reached} | {verdict} |", goal.number, goal.what);
    }
    text
}

impl Goal {
    fn reached(&self, measured: &[Measured], given: &Given) -> Option<f64> {
        match self.of {
            Of::Time { group, case, against } => {
                measured.iter().find(|it| it.name == group).and_then(|it| it.ratio(case, against))
            }
            Of::Instructions { group, case, against } => {
                let ratio = |case| given.number(&["instructions", group, case]);
                let other = against.map_or(Some(1.0), ratio)?;
                Some(ratio(case)? / other)
            }
            Of::Cost(key) => given.number(&["part", key]),
        }
    }

    const fn is_met(&self, reached: f64) -> bool {
        if matches!(self.of, Of::Cost(_)) { reached <= self.bound } else { reached >= self.bound }
    }
}
