//! Makes the module of the format.

use vmspec_codegen::Gate;
use vmspec_codegen::build::{Config, Error};

fn main() -> Result<(), Error> {
    Config::new().spec("specs/note.yaml").vis("pub(crate)").derive("Eq").serde(Gate::Always).compile()
}
