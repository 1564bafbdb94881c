//! What the words behind `fuzz` ask for.

use crate::chore::Failure;

/// How long a target runs where nobody says, in minutes.
const MINUTES: u64 = 5;

/// What is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// How long each target runs.
    pub minutes: u64,
    /// The targets; none stands for all.
    targets: Vec<String>,
}

impl Wanted {
    /// What these words say; otherwise a complaint.
    pub fn of(words: &[&str]) -> Result<Self, String> {
        let mut wanted = Self { minutes: MINUTES, targets: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--minutes" => {
                    let number = words.next().and_then(|text| text.parse().ok()).filter(|minutes| *minutes > 0);
                    wanted.minutes = number.ok_or("`--minutes` takes a number of minutes")?;
                }
                option if option.starts_with('-') => return Err(format!("unexpected '{option}'")),
                target => wanted.targets.push(target.to_owned()),
            }
        }
        Ok(wanted)
    }

    /// The targets that are meant, of those that are known.
    pub fn targets(&self, known: &[String]) -> Result<Vec<String>, Failure> {
        if self.targets.is_empty() {
            return Ok(known.to_vec());
        }
        match self.targets.iter().find(|target| !known.contains(target)) {
            Some(target) => Err(Failure(format!("there is no target '{target}'; there are {}", known.join(", ")))),
            None => Ok(self.targets.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MINUTES, Wanted};

    fn targets(words: &[&str]) -> Option<Vec<String>> {
        let known = ["one", "two"].map(str::to_owned);
        Wanted::of(words).ok()?.targets(&known).ok()
    }

    #[test]
    fn all_targets_unless_some_are_named() {
        assert_eq!(targets(&[]), Some(vec!["one".to_owned(), "two".to_owned()]));
        assert_eq!(targets(&["two", "--minutes", "3"]), Some(vec!["two".to_owned()]));
        assert_eq!(targets(&["three"]), None);
    }

    #[test]
    fn minutes_are_a_number() {
        let minutes = |words: &[&str]| Wanted::of(words).map(|wanted| wanted.minutes);
        assert_eq!(minutes(&[]), Ok(MINUTES));
        assert_eq!(minutes(&["--minutes", "20", "one"]), Ok(20));
        assert!(minutes(&["--minutes"]).is_err() && minutes(&["--minutes", "0"]).is_err());
        assert_eq!(minutes(&["--hours", "1"]), Err("unexpected '--hours'".to_owned()));
    }
}
