//! The value at a path.

use super::look::Look;
use super::not_found::{NotFound, Why};
use super::path::{Step, join, steps};
use super::tree::{Value, What};
use crate::diagnostic::did_you_mean;
use crate::model::{Body, Field, Union};

/// The value at `path`, as errors print paths: `header.version`, `stream.records[3].length`. An empty path is the value
/// as a whole. The case of a switch adds no step; it may be named all the same.
///
/// # Errors
/// When there is no such value in this tree: how far the path goes, and what is there.
pub fn find<'a>(look: &Look<'a>, path: &str) -> Result<Look<'a>, NotFound> {
    locate(look, path).map(|(found, _)| found)
}

/// As [`find`], and the path as errors print it: without the names of cases.
///
/// # Errors
/// As [`find`].
pub fn locate<'a>(look: &Look<'a>, path: &str) -> Result<(Look<'a>, String), NotFound> {
    let not_found = |reached: String, step, why| NotFound { reached, step, why };
    let steps = steps(path).ok_or_else(|| not_found(String::new(), path.to_owned(), Why::NoPath))?;
    let (mut here, mut reached) =
        (there(look.clone()).map_err(|why| not_found(String::new(), String::new(), why))?, String::new());
    let mut steps = steps.as_slice();
    while let Some((step, rest)) = steps.split_first() {
        let step = *step;
        if let Some(copy) = copy(&here, steps) {
            reached = join(&reached, Step::Name(&copy.name()));
            (here, steps) = (copy, steps.get(3..).unwrap_or_default());
            continue;
        }
        steps = rest;
        let next = match step {
            Step::Name(name) => named(&here, name),
            Step::Index(index, _) => indexed(&here, index).map(Next::Part),
        };
        match next {
            Ok(Next::Case(case)) => here = case,
            Ok(Next::Part(part)) => (here, reached) = (part, join(&reached, step)),
            Err(why @ (Why::Absent | Why::Unread)) => return Err(not_found(join(&reached, step), String::new(), why)),
            Err(why) => return Err(not_found(reached, join("", step), why)),
        }
    }
    Ok((here, reached))
}

/// The copy that does not count to which `header.copies[1]` leads.
fn copy<'a>(here: &Look<'a>, steps: &[Step<'_>]) -> Option<Look<'a>> {
    let [Step::Name(field), Step::Name("copies"), Step::Index(index, _), ..] = steps else { return None };
    let is_it = |look: &Look<'_>| {
        matches!(look.node.what, What::Copy(_, _, i) if i == *index) && look.field.is_some_and(|f| f.name == *field)
    };
    here.innermost().children().into_iter().find(is_it)
}

/// Only what is there: a field that is not optional was not read.
fn there(look: Look<'_>) -> Result<Look<'_>, Why> {
    match (&look.node.value, look.node.what) {
        (Value::Absent, What::Field(..)) if look.field.is_some_and(Field::is_optional) => Err(Why::Absent),
        (Value::Absent, _) => Err(Why::Unread),
        _ => Ok(look),
    }
}

/// Where a step leads.
enum Next<'a> {
    /// To a part of the value.
    Part(Look<'a>),
    /// To the case of the switch that the path already leads to.
    Case(Look<'a>),
}

fn named<'a>(here: &Look<'a>, name: &str) -> Result<Next<'a>, Why> {
    let inner = here.innermost();
    if let Some(count) = inner.count() {
        return case_named(here, name).map(Next::Case).ok_or(Why::List(count));
    }
    let children = inner.children();
    let same: Vec<_> = children.iter().filter(|child| child.name() == name).collect();
    match (same.as_slice(), case_named(here, name)) {
        // A field may be called as a gap would be.
        ([one, ..], _) if name != "_" || same.len() == 1 => there((*one).clone()).map(Next::Part),
        ([_, ..], _) => Err(Why::Nameless(same.len())),
        ([], Some(case)) => Ok(Next::Case(case)),
        ([], None) => Err(why(here, &inner, &children, name)),
    }
}

fn indexed<'a>(here: &Look<'a>, index: usize) -> Result<Look<'a>, Why> {
    let list = here.innermost();
    let count = list.count().ok_or_else(|| Why::NoList(kind(&list)))?;
    list.at(index).ok_or(Why::Index(count)).and_then(there)
}

/// The body of the case that is there and has this name, or the switch itself where the case has no body.
fn case_named<'a>(look: &Look<'a>, name: &str) -> Option<Look<'a>> {
    let mut at = look.clone();
    while let Some(case) = at.case() {
        let body = at.body();
        if case_names(case).any(|known| known == name) {
            return Some(body.unwrap_or(at));
        }
        at = body?;
    }
    None
}

/// The name of a case's content, and its label.
fn case_names(case: &crate::model::Case) -> impl Iterator<Item = &str> {
    case.body.as_deref().map(|body| body.name.as_str()).into_iter().chain([case.written.as_str()])
}

/// Why nothing here has this name.
fn why(here: &Look<'_>, inner: &Look<'_>, children: &[Look<'_>], name: &str) -> Why {
    if let Some(other) = other_case(here, name) {
        return other;
    }
    let fields = inner.type_id().and_then(|ty| inner.format.ty(ty).as_struct()).map_or(&[][..], |s| &s.fields);
    if let Some(unread) = unread(fields, children, name) {
        return unread;
    }
    let names: Vec<_> = children.iter().map(Look::name).filter(|name| name != "_").collect();
    if names.is_empty() {
        return Why::Plain(kind(inner));
    }
    let near = did_you_mean(name, names.iter().map(String::as_str));
    near.map_or(Why::Unknown(names), Why::Near)
}

/// A field that the type has and the tree has not, or a gap or slack that a field can have and this one has not.
fn unread(fields: &[Field], children: &[Look<'_>], name: &str) -> Option<Why> {
    let known = |name: &str| fields.iter().any(|field| field.name == name);
    let there = |name: &str| children.iter().any(|child| child.name() == name);
    if known(name) && !there(name) {
        return Some(Why::Unread);
    }
    let of = name.strip_suffix("_gap").or_else(|| name.strip_suffix("_slack"))?;
    let can = |field: &Field| if name.ends_with("_gap") { field.at.is_some() } else { field.window.is_some() };
    let field = fields.iter().find(|field| field.name == of && can(field))?;
    Some(if there(&field.name) { Why::Absent } else { Why::Unread })
}

/// The name belongs to a case that is not the one that is there: it is that case, or a field of it.
fn other_case(look: &Look<'_>, name: &str) -> Option<Why> {
    let mut at = look.clone();
    while let (Some(case), Some(union)) = (at.case(), union_of(&at)) {
        let other = union.cases.iter().find(|c| {
            let body = c.body.as_deref().and_then(Field::type_id).map(|ty| &at.format.ty(ty).body);
            case_names(c).any(|known| known == name) || body.is_some_and(|body| has(body, name))
        });
        if let Some(other) = other {
            return Some(Why::OtherCase { there: case_name(case), other: case_name(other) });
        }
        at = at.body()?;
    }
    None
}

fn case_name(case: &crate::model::Case) -> String {
    case_names(case).next().unwrap_or_default().to_owned()
}

fn union_of<'a>(look: &Look<'a>) -> Option<&'a Union> {
    match &look.format.ty(look.type_id()?).body {
        Body::Union(union) => Some(union),
        _ => None,
    }
}

/// Whether a type has a field or part of this name.
fn has(body: &Body, name: &str) -> bool {
    match body {
        Body::Struct(s) => s.fields.iter().any(|field| field.name == name),
        Body::Bits(b) => b.parts.iter().any(|part| part.name == name),
        Body::Union(_) => false,
    }
}

/// What a value without parts is, as its spec writes it.
fn kind(look: &Look<'_>) -> String {
    match look.node.value {
        Value::Record(_) | Value::Bits(_) => format!("a `{}`", look.written()),
        _ => look.written(),
    }
}
