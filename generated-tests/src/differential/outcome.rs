//! What comes of bytes, in a form that both sides can give: a refusal with its place, or a value, its findings and the bytes
//! it is written as.

use std::fmt::{self, Write};

use serde_json::Value;

/// How much of a long text is shown.
const SHOWN: usize = 2_000;

/// An error or a finding. Words are shown and not compared.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The class, as specs spell it.
    pub class: &'static str,
    /// The absolute offset; none for a value that is written.
    pub offset: Option<u64>,
    /// The field path.
    pub path: String,
    /// All of it, as people see it.
    pub text: String,
}

impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        (self.class, self.offset, &self.path) == (other.class, other.offset, &other.path)
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offset {
            Some(offset) => write!(f, "{offset:#x} `{}` {} ({})", self.path, self.class, self.text),
            None => write!(f, "`{}` {} ({})", self.path, self.class, self.text),
        }
    }
}

/// What comes of bytes.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// They are refused.
    Refused(Fact),
    /// They are read.
    Accepted(Box<Accepted>),
}

/// What bytes were read as.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// How many were read.
    pub taken: u64,
    /// The soft rules that the value breaks.
    pub findings: Vec<Fact>,
    /// How many there were beyond these.
    pub left_out: u64,
    /// The value as JSON.
    pub value: Vec<u8>,
    /// The bytes it is written as, or why it is not.
    pub written: Result<Vec<u8>, Fact>,
    /// Why the first element is refused that is, in a list whose elements are read one by one. The interpreter's alone:
    /// generated code reads them by functions of each type, so it is not compared here.
    pub element: Option<Fact>,
}

impl Outcome {
    /// What differs, and how; none where both say the same.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<String> {
        match (self, other) {
            (Self::Refused(a), Self::Refused(b)) => (a != b).then(|| "the errors differ".to_owned()),
            (Self::Accepted(a), Self::Accepted(b)) => a.difference(b),
            _ => Some("one refuses what the other reads".to_owned()),
        }
    }
}

impl Accepted {
    fn difference(&self, other: &Self) -> Option<String> {
        if self.taken != other.taken {
            return Some("they end at different places".to_owned());
        }
        if let Some(place) = values_differ(&self.value, &other.value) {
            return Some(format!("the values differ at {place}"));
        }
        if self.findings != other.findings || self.left_out != other.left_out {
            return Some("the findings differ".to_owned());
        }
        (self.written != other.written).then(|| "they are written differently".to_owned())
    }
}

/// Where two values differ. The same text is the same value; other text may be, with members in another order.
fn values_differ(a: &[u8], b: &[u8]) -> Option<String> {
    if a == b {
        return None;
    }
    let parse = |json: &[u8]| serde_json::from_slice::<Value>(json);
    match (parse(a), parse(b)) {
        (Ok(a), Ok(b)) => first_difference(&a, &b, "value"),
        (a, b) => Some(format!("value, which is no JSON: {a:?} {b:?}")),
    }
}

fn first_difference(a: &Value, b: &Value, path: &str) -> Option<String> {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let mut keys = x.keys().chain(y.keys().filter(|key| !x.contains_key(*key)));
            keys.find_map(|key| match (x.get(key), y.get(key)) {
                (Some(a), Some(b)) => first_difference(a, b, &format!("{path}.{key}")),
                (a, b) => Some(format!("{path}.{key}: {} against {}", shown(a), shown(b))),
            })
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            let mut pairs = x.iter().zip(y).enumerate();
            pairs.find_map(|(i, (a, b))| first_difference(a, b, &format!("{path}[{i}]")))
        }
        _ => (a != b).then(|| format!("{path}: {} against {}", shown(Some(a)), shown(Some(b)))),
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| shortened(&value.to_string(), SHOWN))
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The outcome for people: a line for each thing.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accepted = match self {
            Self::Refused(fact) => return write!(f, "refused: {fact}"),
            Self::Accepted(accepted) => accepted,
        };
        writeln!(f, "read from {} bytes", accepted.taken)?;
        writeln!(f, "value: {}", shortened(&String::from_utf8_lossy(&accepted.value), SHOWN))?;
        let mut findings = String::new();
        for finding in accepted.findings.iter().take(20) {
            write!(findings, "\n  {finding}")?;
        }
        writeln!(f, "{} findings, {} left out:{findings}", accepted.findings.len(), accepted.left_out)?;
        match &accepted.written {
            Ok(bytes) => write!(f, "written as {}", crate::doors::printed(bytes)),
            Err(fact) => write!(f, "not written: {fact}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Accepted, Fact, Outcome};

    fn fact(path: &str) -> Fact {
        Fact { class: "invalid", offset: Some(4), path: path.to_owned(), text: "words".to_owned() }
    }

    fn accepted() -> Accepted {
        let value = br#"{"a":1,"b":[{"c":2}]}"#.to_vec();
        Accepted { taken: 3, findings: vec![fact("a")], left_out: 0, value, written: Ok(vec![1, 2, 3]), element: None }
    }

    fn against(change: impl Fn(&mut Accepted)) -> Option<String> {
        let mut other = accepted();
        change(&mut other);
        Outcome::Accepted(Box::new(accepted())).difference(&Outcome::Accepted(Box::new(other)))
    }

    #[test]
    fn every_part_counts() {
        assert_eq!(against(|_| ()), None);
        let value = against(|a| a.value = br#"{"a":1,"b":[{"c":3}]}"#.to_vec());
        assert_eq!(value.as_deref(), Some("the values differ at value.b[0].c: 2 against 3"));
        let member = against(|a| a.value = br#"{"a":1,"b":[{"c":2}],"d":null}"#.to_vec());
        assert_eq!(member.as_deref(), Some("the values differ at value.d: nothing against null"));
        assert!(against(|a| a.taken = 4).is_some());
        assert!(against(|a| a.findings = Vec::new()).is_some());
        assert!(against(|a| a.findings = vec![fact("b")]).is_some());
        assert!(against(|a| a.left_out = 1).is_some());
        assert!(against(|a| a.written = Ok(vec![1, 2])).is_some());
        assert!(against(|a| a.written = Err(fact("a"))).is_some());
        assert_eq!(against(|a| a.element = Some(fact("a"))), None);
    }

    #[test]
    fn the_order_of_members_and_words_do_not_count() {
        assert_eq!(against(|a| a.value = br#"{"b":[{"c":2}], "a":1}"#.to_vec()), None);
        assert_eq!(against(|a| a.findings = vec![Fact { text: "others".to_owned(), ..fact("a") }]), None);
    }

    #[test]
    fn errors_are_their_class_offset_and_path() {
        let refused = |fact: Fact| Outcome::Refused(fact);
        let one = refused(fact("a"));
        assert_eq!(one.difference(&refused(Fact { text: String::new(), ..fact("a") })), None);
        for other in [
            fact("b"),
            Fact { class: "truncated", ..fact("a") },
            Fact { offset: Some(5), ..fact("a") },
            Fact { offset: None, ..fact("a") },
        ] {
            assert!(one.difference(&refused(other)).is_some());
        }
        assert!(one.difference(&Outcome::Accepted(Box::new(accepted()))).is_some());
    }
}
