//! What the program is asked to do.

use crate::report::table::Table;
use crate::rounds::Group;
use crate::{GROUPS, HELP};

/// One thing that it does.
#[derive(Debug)]
pub enum Command<'a> {
    /// Says what there is.
    Help,
    /// Names groups and their cases.
    List,
    /// Measures the groups whose names contain this.
    Measure(&'a str),
    /// Runs one case.
    Case { group: &'a str, case: &'a str, times: u32 },
}

impl<'a> Command<'a> {
    /// What the words say, if they say anything.
    pub fn named(words: &[&'a str]) -> Option<Self> {
        Some(match words {
            [] => Self::Measure(""),
            ["--help" | "-h"] => Self::Help,
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
            Self::Measure(wanted) => {
                for (name, group) in GROUPS.iter().filter(|(name, _)| name.contains(wanted)) {
                    println!("{}", Table(&group().measure(name)));
                }
            }
            Self::Case { group, case, times } => {
                let found = named(group)?.run(case, times);
                return found.then_some(()).ok_or_else(|| format!("{group} has no case {case}"));
            }
        }
        Ok(())
    }
}

fn named(name: &str) -> Result<Group, String> {
    let found = GROUPS.iter().find(|(it, _)| *it == name);
    found.map(|(_, group)| group()).ok_or_else(|| format!("there is no group {name}"))
}
