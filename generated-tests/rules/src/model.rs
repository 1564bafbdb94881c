//! The model of a format with its examples, and what inputs made of these show.

use vmspec_codegen::model::{Argument, Format};
use vmspec_generated_tests::crafted::told;
use vmspec_generated_tests::differential::Outcome;

use crate::formats::{Base, Failure, bases, model, texts};
use crate::targets::{Asked, targets};
use crate::watch::{Index, Shown, look};

/// A model with inputs of its own.
struct Variant {
    inputs: Vec<(usize, Argument)>,
    format: Format,
    asked: Vec<Asked>,
    index: Index,
}

/// A format with its examples.
pub struct Model {
    /// The spec's file name.
    pub spec: String,
    /// The examples.
    pub bases: Vec<Base>,
    /// The first is the format as it is.
    variants: Vec<Variant>,
    /// That of each example.
    of: Vec<usize>,
}

impl Model {
    /// Of a spec by its file name.
    pub fn of(spec: &str) -> Result<Self, Failure> {
        let format = model(spec, texts()?)?;
        let bases = bases(&format)?;
        let mut variants = vec![Variant::new(Vec::new(), format)];
        let mut of = Vec::new();
        for base in &bases {
            let inputs = &base.example.inputs;
            let known = variants.iter().position(|variant| variant.inputs == *inputs);
            of.push(known.unwrap_or(variants.len()));
            if let (None, Some(plain)) = (known, variants.first()) {
                variants.push(Variant::new(inputs.clone(), plain.format.with_inputs(inputs)));
            }
        }
        Ok(Self { spec: spec.to_owned(), bases, variants, of })
    }

    /// The model that an example is read with.
    pub fn format(&self, base: usize) -> Option<&Format> {
        self.variant(base).map(|variant| &variant.format)
    }

    /// All that is asked.
    pub fn asked(&self) -> &[Asked] {
        self.variants.first().map_or(&[], |variant| &variant.asked)
    }

    /// What bytes in place of those of an example show.
    pub fn look(&self, base: usize, bytes: &[u8]) -> Option<Shown> {
        let variant = self.variant(base)?;
        let subject = self.bases.get(base)?.subject(&variant.format)?;
        Some(look(&subject, (&variant.asked, &variant.index), bytes))
    }

    /// What comes of bytes in place of those of an example, as a line.
    pub fn told(&self, base: usize, bytes: &[u8]) -> Option<String> {
        self.outcome(base, bytes).map(|outcome| told(&outcome, bytes))
    }

    /// What comes of bytes in place of those of an example.
    pub fn outcome(&self, base: usize, bytes: &[u8]) -> Option<Outcome> {
        let subject = self.bases.get(base)?.subject(self.format(base)?)?;
        Some(subject.outcome(bytes))
    }

    fn variant(&self, base: usize) -> Option<&Variant> {
        self.variants.get(*self.of.get(base)?)
    }
}

impl Variant {
    fn new(inputs: Vec<(usize, Argument)>, format: Format) -> Self {
        let asked = targets(&format);
        let index = Index::new(&asked);
        Self { inputs, format, asked, index }
    }
}
