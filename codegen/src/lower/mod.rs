//! From what is written to fewer forms of the same: device states with their subsections, and markers, become params, fields,
//! lists and conditions.

mod build;
mod marker;
mod nested;
mod subsections;
mod vmstate;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::syntax::ast::{SpecFile, VmstateRules};
use std::collections::BTreeSet;

/// Device states: the rules about them, and the types that are some.
struct States {
    rules: Option<VmstateRules>,
    types: BTreeSet<String>,
}

/// The same files without device states and markers.
pub fn lower(mut files: Vec<SpecFile>, diagnostics: &mut Diagnostics) -> Vec<SpecFile> {
    let states = states(&files, diagnostics);
    for file in &mut files {
        let types = std::mem::take(&mut file.types);
        for mut decl in types {
            marker::in_type(&mut decl);
            file.types.extend(vmstate::lowered(decl, &states, diagnostics));
        }
        for case in file.extends.iter_mut().flat_map(|extend| &mut extend.cases) {
            marker::in_case(case);
        }
    }
    files
}

/// The rules, which are given once, and all types that are device states.
fn states(files: &[SpecFile], diagnostics: &mut Diagnostics) -> States {
    let mut all = files.iter().filter_map(|file| file.vmstate.as_ref());
    let rules = all.next();
    if let (Some(first), Some(second)) = (rules, all.next()) {
        let d = Diagnostic::new(Code::DuplicateName, "two rules about device states", second.span, "said again");
        diagnostics.push(d.also(first.span, "said here"));
    }
    let types = files.iter().flat_map(|file| &file.types).filter(|decl| decl.vmstate.is_some());
    States { rules: rules.cloned(), types: types.map(|decl| decl.name.value.clone()).collect() }
}
