//! Which rules of the formats the tests keep and break, and which changes of them they notice: `cargo xtask rules` and
//! `cargo xtask mutate`.

mod corpus;
mod coverage;
mod craft;
mod formats;
mod model;
mod mutate;
mod options;
mod table;
mod targets;
mod watch;

use std::env;
use std::fs;
use std::process::ExitCode;

use formats::{Failure, root, specs};
use model::Model;
use options::{Command, Options};
use table::Table;

const HELP: &str = "\
Which rules of the formats the tests keep and break, and which changes of them they notice.

Usage: vmspec-rules rules [--check | --craft] [--spec NAME]
       vmspec-rules mutate [--spec NAME] [--only TEXT] [--seed N] [--jobs N] [--damage N] [--add]

  rules           Write docs/rule-coverage.md
  rules --check   Write nothing; fail where it is stale
  rules --craft   First look for inputs that keep and break what no input does, in generated-tests/samples/rules
  mutate          Change the specs in one place at a time, and write to docs/rule-mutation.md what the tests notice
  --add           Add an input for each change that only damaged inputs tell, to those of the tests
  --spec NAME     Only of this spec, such as vhdx; no report of changes is written then
  --only TEXT     Only changes whose name has this text, which may be said several times; says what became of each, and writes
                  no report
  --seed N        What damage starts from; 1 unless said
  --jobs N        On how many threads; as many as there are processors unless said
  --damage N      How many damaged inputs are made of those of a spec; 20000 unless said. Of these, up to 4000 are tried for
                  each change that the tests do not notice
";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let (command, options) = match options::parse(&words) {
        Ok(parsed) => parsed,
        Err(complaint) => {
            eprintln!("error: {complaint}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let done = match command {
        Command::Help => {
            print!("{HELP}");
            Ok(())
        }
        Command::Report => report(),
        Command::Check => check(),
        Command::Craft => craft(&options).and_then(|()| report()),
        Command::Mutate => mutate::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn report() -> Result<(), Failure> {
    let path = root().join(coverage::REPORT);
    fs::write(&path, coverage::report()?).map_err(|e| format!("{}: {e}", path.display()))
}

fn check() -> Result<(), Failure> {
    let text = fs::read_to_string(root().join(coverage::REPORT)).unwrap_or_default();
    if text == coverage::report()? {
        println!("{} is fresh", coverage::REPORT);
        return Ok(());
    }
    Err(format!("{} is stale: run `cargo xtask rules`", coverage::REPORT))
}

fn craft(options: &Options) -> Result<(), Failure> {
    let implied = Table::read(coverage::IMPLIED)?;
    for spec in specs()?.into_iter().filter(|spec| options.takes(spec)) {
        let model = Model::of(&spec)?;
        let lines = corpus::crafted_anew(&model, &implied)?;
        println!("{spec}: {} inputs", lines.len());
        corpus::write(&spec, &lines)?;
    }
    Ok(())
}
