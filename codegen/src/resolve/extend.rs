//! `extend`: cases that other places add to an open switch.

use super::Resolver;
use super::draft::Draft;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::TypeId;
use crate::syntax::ast::{CaseDecl, Content, ExtendDecl, SwitchDecl};

/// Reports what extends nothing, or a switch that is not open.
pub(super) fn check(r: &mut Resolver<'_>) {
    let files = r.files;
    for extend in files.iter().flat_map(|f| &f.extends) {
        match switch(r, &extend.target.value) {
            Some(switch) if switch.open => {}
            Some(switch) => {
                let message = format!("the switch of `{}` is not open", extend.target.value);
                let d = Diagnostic::new(Code::BadExtend, message, extend.target.span, "takes no more cases");
                r.out.push(d.also(switch.on.span, "this switch").hint("add `open: true` beside `switch`"));
            }
            None => nothing(r, extend),
        }
    }
}

fn nothing(r: &mut Resolver<'_>, extend: &ExtendDecl) {
    let target = &extend.target;
    let mut parts = target.value.split('.');
    if parts.any(|part| r.is_lost(part)) {
        return;
    }
    let open: Vec<String> = r.drafts.iter().filter(|d| is_open(r, d)).map(|d| d.name.clone()).collect();
    let message = format!("`{}` is no switch", target.value);
    let d = Diagnostic::new(Code::BadExtend, message, target.span, "nothing to add cases to");
    r.out.push(d.maybe_hint(did_you_mean(&target.value, open.iter().map(String::as_str))));
}

fn is_open(r: &Resolver<'_>, draft: &Draft<'_>) -> bool {
    switch(r, &draft.name).is_some_and(|s| s.open)
}

/// The switch `type.field`.
fn switch<'a>(r: &Resolver<'a>, path: &str) -> Option<&'a SwitchDecl> {
    let (of, field) = path.split_once('.')?;
    let id: TypeId = *r.names.types.get(of)?;
    let (_, member) = r.draft(id).member(field)?;
    match member.content {
        Content::Switch(switch) => Some(switch),
        _ => None,
    }
}

impl<'a> Resolver<'a> {
    /// The cases that are added to the switch `type.field`.
    pub(super) fn extensions(&self, path: &str) -> Vec<&'a CaseDecl> {
        let files = self.files;
        let extends = files.iter().flat_map(|f| &f.extends).filter(|e| e.target.value == path);
        extends.flat_map(|e| &e.cases).collect()
    }
}
