//! Inputs by the types that are read in them: those of the type that a change is in tell it first.

use std::collections::{BTreeMap, BTreeSet};

use vmspec_codegen::interpret::{Node, Value, What};
use vmspec_codegen::model::{Format, TypeId};

use super::kinds::Mutant;
use super::run::Input;
use crate::model::Model;

/// Inputs of the same format, small ones first.
#[derive(Debug, Default)]
pub struct Pool {
    all: Vec<Input>,
    /// Indices of those in which a type is read, by its name.
    of: BTreeMap<String, Vec<usize>>,
}

impl Pool {
    /// Of these.
    pub fn new(model: &Model, mut all: Vec<Input>) -> Self {
        all.sort_by_key(|input| input.bytes.len());
        let mut of: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, input) in all.iter().enumerate() {
            for name in types(model, input).unwrap_or_default() {
                of.entry(name).or_default().push(i);
            }
        }
        Self { all, of }
    }

    /// All, those first in which the type of a change is read.
    pub fn all(&self, mutant: &Mutant) -> impl Iterator<Item = &Input> {
        let first = self.indices(mutant);
        let rest: Vec<usize> = (0..self.all.len()).filter(|i| !first.contains(i)).collect();
        first.into_iter().chain(rest).filter_map(|i| self.all.get(i))
    }

    /// Those in which the type of a change is read; of a change in no type as many of all, in equal steps.
    pub fn near(&self, mutant: &Mutant, most: usize) -> impl Iterator<Item = &Input> {
        let indices = match mutant.type_name() {
            Some(_) => self.indices(mutant),
            None => (0..self.all.len()).collect(),
        };
        let step = indices.len().div_ceil(most.max(1)).max(1);
        indices.into_iter().step_by(step).filter_map(|i| self.all.get(i))
    }

    fn indices(&self, mutant: &Mutant) -> BTreeSet<usize> {
        let Some(name) = mutant.type_name() else { return BTreeSet::new() };
        let inline = format!("{name}.");
        let known = self.of.iter().filter(|(of, _)| *of == name || of.starts_with(&inline));
        known.flat_map(|(_, indices)| indices.iter().copied()).collect()
    }
}

/// The names of all types that are read in an input.
fn types(model: &Model, input: &Input) -> Option<BTreeSet<String>> {
    let format = model.format(input.base)?;
    let subject = model.bases.get(input.base)?.subject(format)?;
    let mut out = BTreeSet::from([subject.ty.0]);
    walk(&subject.read(&input.bytes).root, &mut out);
    Some(out.into_iter().map(|ty| name(format, TypeId(ty))).collect())
}

fn name(format: &Format, ty: TypeId) -> String {
    format.ty(ty).name.clone()
}

fn walk(node: &Node, out: &mut BTreeSet<usize>) {
    if let What::Field(ty, _) | What::Case(ty, _) = node.what {
        out.insert(ty.0);
    }
    match &node.value {
        Value::Record(record) => record.fields.iter().chain(&record.extras).for_each(|node| walk(node, out)),
        Value::List(nodes) | Value::Bits(nodes) => nodes.iter().for_each(|node| walk(node, out)),
        Value::Case(_, Some(body)) => walk(body, out),
        _ => {}
    }
}
