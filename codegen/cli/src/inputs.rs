//! Inputs on the command line: facts that the bytes of a file do not hold.

use clap::Args;
use vmspec_codegen::interpret::edit::set_input;
use vmspec_codegen::model::{Format, ORIGIN};

use crate::refusal::Refusal;

/// The inputs that are not what they are first.
#[derive(Debug, Args)]
pub struct Inputs {
    /// Set an input of the format, a fact that the bytes do not hold; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    input: Vec<String>,
}

impl Inputs {
    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        self.input.is_empty()
    }

    /// Sets them in a format, and in front of them where in the file it begins, if it wants to know. Gives their names and
    /// values as generated code takes them.
    pub fn set(&self, format: &mut Format, offset: u64) -> Result<Vec<(String, String)>, Refusal> {
        let origin = format.inputs.iter().any(|input| input.param.name == ORIGIN).then(|| format!("{ORIGIN}={offset}"));
        let origin = origin.filter(|_| offset > 0);
        let all = origin.iter().chain(&self.input);
        all.map(|given| set_input(format, given).map_err(Refusal::Choice)).collect()
    }
}
