//! What the program is asked to do.

use std::path::Path;

use crate::report::given::Given;
use crate::report::table::Table;
use crate::rounds::{Group, Measured};
use crate::{GROUPS, HELP, report};

/// One thing that it does.
#[derive(Debug)]
pub enum Command<'a> {
    /// Says what there is.
    Help,
    /// Names groups and their cases.
    List,
    /// Measures the groups whose names contain this.
    Measure(&'a str),
    /// Measures all, and writes about it.
    Write { folder: &'a str, given: &'a str },
    /// Runs one case.
    Case { group: &'a str, case: &'a str, times: u32 },
}

impl<'a> Command<'a> {
    /// What the words say, if they say anything.
    pub fn named(words: &[&'a str]) -> Option<Self> {
        Some(match words {
            [] => Self::Measure(""),
            ["--help" | "-h"] => Self::Help,
            ["--write", folder, given] => Self::Write { folder, given },
            ["--list"] => Self::List,
            ["--case", group, case, times] => Self::Case { group, case, times: times.parse().ok()? },
            [name] if !name.starts_with('-') => Self::Measure(name),
            _ => return None,
        })
    }

    /// Does it.
    pub fn run(self) -> Result<(), String> {
        match self {
            Self::Help => print!("{HELP}"),
            Self::List => {
                for (name, group) in GROUPS {
                    group().ids().for_each(|id| println!("{name} {id}"));
                }
            }
            Self::Measure(wanted) => drop(measured(wanted)),
            Self::Write { folder, given } => {
                let given = Given::read(given)?;
                return report::write(Path::new(folder), &measured(""), &given);
            }
            Self::Case { group, case, times } => {
                let found = named(group)?.run(case, times);
                return found.then_some(()).ok_or_else(|| format!("{group} has no case {case}"));
            }
        }
        Ok(())
    }
}

/// Measures groups, and shows each when it is done.
fn measured(wanted: &str) -> Vec<Measured> {
    let groups = GROUPS.iter().filter(|(name, _)| name.contains(wanted));
    let each = groups.map(|(name, group)| {
        let measured = group().measure(name);
        println!("{}", Table(&measured));
        measured
    });
    each.collect()
}

fn named(name: &str) -> Result<Group, String> {
    let found = GROUPS.iter().find(|(it, _)| *it == name);
    found.map(|(_, group)| group()).ok_or_else(|| format!("there is no group {name}"))
}
