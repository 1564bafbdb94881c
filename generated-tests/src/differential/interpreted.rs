//! The other side: the reference interpreter, straight from the model.

use serde::Serialize;
use vmspec_codegen::interpret::trace::Observer;
use vmspec_codegen::interpret::{
    Datum, Node, Reading, Start, Trouble, Value, Wanted, What, derive_with, read_asking, read_watched, write_with,
};
use vmspec_codegen::model::{Example, ExampleBytes, Field, FieldId, Format, TypeId};

use super::neutral::Neutral;
use super::outcome::{Accepted, Fact, Outcome};
use super::specs::with_inputs;
use crate::sample;

/// A whole number in bytes, at most 8 of them, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its field, or the part of one.
    pub of: (TypeId, FieldId),
    /// Offset of its first byte.
    pub at: usize,
    /// How many bytes.
    pub length: usize,
    /// Whether it follows from something else: a length, a count, an offset, a tag.
    pub is_driven: bool,
}

/// What is read, and how.
#[derive(Clone, Debug)]
pub struct Subject<'f> {
    /// The model.
    pub format: &'f Format,
    /// The type.
    pub ty: TypeId,
    /// Byte order for a type that takes it from its caller; `true` is big.
    pub big: bool,
    /// Arguments, one for each param of the type.
    pub params: Vec<Datum<'f>>,
}

impl Subject<'static> {
    /// An example of a format, with its bytes.
    #[must_use]
    pub fn of_example(format: &'static Format, example: &Example) -> (Self, Vec<u8>) {
        let format = with_inputs(format, &example.inputs);
        let params = example.with.iter().map(|given| Datum::given(format, given)).collect();
        let bytes = match &example.bytes {
            ExampleBytes::Hex(bytes) => bytes.clone(),
            ExampleBytes::Sample(name) => sample(name),
        };
        (Self { format, ty: example.of, big: example.big, params }, bytes)
    }
}

impl Subject<'_> {
    /// What the interpreter makes of bytes.
    #[must_use]
    pub fn outcome(&self, bytes: &[u8]) -> Outcome {
        let reading = self.read(bytes);
        if let Some(trouble) = &reading.error {
            return Outcome::Refused(fact(trouble));
        }
        let value = self.value(&reading, bytes);
        let element = has_lazy(&reading.root).then(|| self.element(bytes)).flatten();
        Outcome::Accepted(Box::new(Accepted {
            taken: reading.end,
            findings: reading.findings.iter().map(fact).collect(),
            left_out: reading.left_out,
            value,
            element,
            written: self.written(reading.root, bytes).map_err(|trouble| fact(&trouble)),
        }))
    }

    /// Why the first element is refused that is, in lists whose elements are read one by one.
    fn element(&self, bytes: &[u8]) -> Option<Fact> {
        let externs = crate::externs::interpreted(&self.format.id);
        let wanted = Wanted::checked([]);
        let reading = read_asking(self.format, self.start(), (&self.params, externs, &wanted), &bytes);
        reading.error.as_ref().map(fact)
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

    /// Where the interpreter finds a number for the first time in a field, for each field. Of bytes that are refused, those
    /// that were read by then.
    #[must_use]
    pub fn numbers(&self, bytes: &[u8]) -> Vec<Number> {
        let mut numbers = Vec::new();
        self.collect(&self.read(bytes).root, &mut numbers);
        numbers
    }

    fn collect(&self, node: &Node, numbers: &mut Vec<Number>) {
        match &node.value {
            Value::Record(record) => record.fields.iter().for_each(|node| self.collect(node, numbers)),
            Value::List(nodes) => nodes.iter().for_each(|node| self.collect(node, numbers)),
            Value::Case(_, Some(body)) => self.collect(body, numbers),
            Value::Int(_) | Value::Enum(_) | Value::Flags(_) | Value::Bits(_) => {
                let number = self.number(node).filter(|new| numbers.iter().all(|known| known.of != new.of));
                numbers.extend(number);
            }
            _ => {}
        }
    }

    fn number(&self, node: &Node) -> Option<Number> {
        let What::Field(ty, id) = node.what else { return None };
        let (at, length) = (usize::try_from(node.at).ok()?, usize::try_from(node.len).ok()?);
        let is_driven = self.format.field(ty, id).is_some_and(Field::is_driven);
        (1..=8).contains(&length).then_some(Number { of: (ty, id), at, length, is_driven })
    }

    /// What the interpreter reads in bytes.
    #[must_use]
    pub fn read(&self, bytes: &[u8]) -> Reading {
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

    /// The same, with what is asked on the way told to `observer`.
    #[must_use]
    pub fn read_watched(&self, bytes: &[u8], observer: &dyn Observer) -> Reading {
        let externs = crate::externs::interpreted(&self.format.id);
        read_watched(self.format, self.start(), (&self.params, externs), &bytes, observer)
    }

    /// Where it starts.
    #[must_use]
    pub fn start(&self) -> Start {
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

/// Whether there is a list whose elements are read one by one.
fn has_lazy(node: &Node) -> bool {
    match &node.value {
        Value::Lazy(_) => true,
        Value::Record(record) => record.fields.iter().any(has_lazy),
        Value::List(nodes) => nodes.iter().any(has_lazy),
        Value::Case(_, Some(body)) => has_lazy(body),
        _ => false,
    }
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
