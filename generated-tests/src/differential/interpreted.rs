//! The other side: the reference interpreter, straight from the model.

use serde::Serialize;
use vmspec_codegen::interpret::{
    Datum, Node, Reading, Start, Trouble, Value, Wanted, derive_with, read_asking, write_with,
};
use vmspec_codegen::model::{Format, TypeId};

use super::neutral::Neutral;
use super::outcome::{Accepted, Fact, Outcome};

/// What is read, and how.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The model.
    pub format: &'static Format,
    /// The type.
    pub ty: TypeId,
    /// Byte order for a type that takes it from its caller; `true` is big.
    pub big: bool,
    /// Arguments, one for each param of the type.
    pub params: Vec<Datum<'static>>,
}

impl Subject {
    /// What the interpreter makes of bytes.
    #[must_use]
    pub fn outcome(&self, bytes: &[u8]) -> Outcome {
        let reading = self.read(bytes);
        if let Some(trouble) = &reading.error {
            return Outcome::Refused(fact(trouble));
        }
        let value = self.value(&reading, bytes);
        Outcome::Accepted(Box::new(Accepted {
            taken: reading.end,
            findings: reading.findings.iter().map(fact).collect(),
            left_out: reading.left_out,
            value,
            written: self.written(reading.root, bytes).map_err(|trouble| fact(&trouble)),
        }))
    }

    /// Where the interpreter found single values: their offsets and lengths. Of a value that is refused, those read by then.
    #[must_use]
    pub fn sites(&self, bytes: &[u8]) -> Vec<(u64, u64)> {
        let mut sites = Vec::new();
        leaves(&self.read(bytes).root, &mut sites);
        sites.sort_unstable();
        sites.dedup();
        sites
    }

    fn read(&self, bytes: &[u8]) -> Reading {
        let externs = crate::externs::interpreted(&self.format.id);
        read_asking(self.format, self.start(), (&self.params, externs, &Wanted::default()), &bytes)
    }

    /// The bytes of a tree, with whatever follows from others worked out again.
    fn written(&self, mut root: Node, source: &[u8]) -> Result<Vec<u8>, Box<Trouble>> {
        let mut to = Vec::new();
        derive_with(self.format, self.start(), &self.params, &mut root, &source)?;
        write_with(self.format, self.start(), &self.params, &root, (&source, &mut to))?;
        Ok(to)
    }

    fn start(&self) -> Start {
        Start { ty: self.ty, at: 0, big: self.big }
    }

    fn value(&self, reading: &Reading, bytes: &[u8]) -> Vec<u8> {
        let (node, findings) = (&reading.root, reading.findings.as_slice());
        json(&Neutral { format: self.format, ty: self.ty, node, findings, bytes })
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_else(|e| panic!("a tree that is none of its type: {e}"))
}

fn fact(trouble: &Trouble) -> Fact {
    let class = if trouble.io.is_some() { "io" } else { trouble.class.name() };
    Fact { class, offset: trouble.offset, path: trouble.path.clone(), text: trouble.to_string() }
}

/// The places of all single values in a tree.
fn leaves(node: &Node, sites: &mut Vec<(u64, u64)>) {
    match &node.value {
        Value::Record(record) => record.fields.iter().chain(&record.extras).for_each(|node| leaves(node, sites)),
        Value::List(nodes) => nodes.iter().for_each(|node| leaves(node, sites)),
        Value::Case(_, Some(body)) => leaves(body, sites),
        _ if node.len > 0 => sites.push((node.at, node.len)),
        _ => {}
    }
}
