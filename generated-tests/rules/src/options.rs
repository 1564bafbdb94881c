//! The words of the command line.

use std::thread;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Say what there is.
    Help,
    /// Write the report of rules.
    Report,
    /// Say whether it is fresh.
    Check,
    /// Look for inputs first.
    Craft,
    /// Change specs.
    Mutate,
}

/// How.
#[derive(Clone, Debug)]
pub struct Options {
    /// The one spec, by its name without `.yaml`.
    pub spec: Option<String>,
    /// What damage starts from.
    pub seed: u64,
    /// On how many threads.
    pub jobs: usize,
    /// How many damaged inputs are tried.
    pub damage: usize,
    /// Whether inputs are added.
    pub add: bool,
    /// Texts, one of which the name of a change must have; none takes all.
    pub only: Vec<String>,
}

impl Options {
    /// Whether a spec is to be looked at.
    pub fn takes(&self, spec: &str) -> bool {
        self.spec.as_deref().is_none_or(|only| spec.trim_end_matches(".yaml") == only)
    }

    /// Whether a change of this name is to be tried.
    pub fn tries(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|text| name.contains(text.as_str()))
    }

    /// Whether all changes of all specs are tried, which is what the report is about.
    pub fn takes_all(&self) -> bool {
        self.spec.is_none() && self.only.is_empty()
    }
}

/// The command and its options, or a complaint.
pub fn parse(words: &[String]) -> Result<(Command, Options), String> {
    let jobs = thread::available_parallelism().map_or(1, usize::from);
    let mut options = Options { spec: None, seed: 1, jobs, damage: 20_000, add: false, only: Vec::new() };
    let mut command = None;
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match (word, command) {
            ("-h" | "--help", _) => return Ok((Command::Help, options)),
            ("rules", None) => command = Some(Command::Report),
            ("mutate", None) => command = Some(Command::Mutate),
            ("--check", Some(Command::Report)) => command = Some(Command::Check),
            ("--craft", Some(Command::Report)) => command = Some(Command::Craft),
            ("--spec", Some(_)) => options.spec = Some(value()?.to_owned()),
            ("--add", Some(Command::Mutate)) => options.add = true,
            ("--only", Some(Command::Mutate)) => options.only.push(value()?.to_owned()),
            ("--seed", Some(Command::Mutate)) => options.seed = number(value()?)?,
            ("--jobs", Some(Command::Mutate)) => options.jobs = number(value()?)?,
            ("--damage", Some(Command::Mutate)) => options.damage = number(value()?)?,
            _ => return Err(format!("unexpected '{word}'")),
        }
    }
    command.map(|command| (command, options)).ok_or_else(|| "nothing to do".to_owned())
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("'{text}' is no number"))
}

#[cfg(test)]
mod tests {
    use super::{Command, parse};

    fn parsed(line: &str) -> Result<Command, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&words).map(|(command, _)| command)
    }

    #[test]
    fn words_say_what_is_to_be_done() {
        assert_eq!(parsed("rules --check"), Ok(Command::Check));
        assert_eq!(parsed("mutate --seed 3 --add --spec vhdx"), Ok(Command::Mutate));
        assert_eq!(parsed("rules --add"), Err("unexpected '--add'".to_owned()));
        assert_eq!(parsed("mutate --jobs many"), Err("'many' is no number".to_owned()));
        assert_eq!(parsed("rules --only footer"), Err("unexpected '--only'".to_owned()));
        assert_eq!(parsed(""), Err("nothing to do".to_owned()));
    }

    #[test]
    fn some_changes_alone_are_tried() {
        let options = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            parse(&words).map(|(_, options)| options)
        };
        let tried = |words: &[&str], name: &str| options(words).map(|it| (it.tries(name), it.takes_all()));
        let some = ["mutate", "--only", "footer", "--only", "ram: v"];
        assert_eq!(tried(&some, "types.footer: dropped"), Ok((true, false)));
        assert_eq!(tried(&some, "ram: version"), Ok((true, false)));
        assert_eq!(tried(&some, "ram: "), Ok((false, false)));
        assert_eq!(tried(&["mutate"], "ram: "), Ok((true, true)));
    }
}
