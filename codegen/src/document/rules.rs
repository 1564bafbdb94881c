//! Rules and what becomes of values that break them, as people read it.

use super::markdown::{code, escaped};
use crate::model::{Class, Keep, Rule};

/// Rules of a kind: each with its class and the author's words.
#[must_use]
pub fn lines(kind: &str, rules: &[Rule]) -> Vec<String> {
    rules.iter().map(|rule| line(kind, rule)).collect()
}

/// The rules of a type as a list, and nothing where there are none.
#[must_use]
pub fn list(kind: &str, rules: &[Rule]) -> String {
    let items: Vec<String> = lines(kind, rules).iter().map(|line| format!("- {line}")).collect();
    items.join("\n")
}

/// What becomes of a value without a name.
#[must_use]
pub fn unknown(keep: &Keep) -> String {
    match keep {
        Keep::Never => "unknown values: refused".to_owned(),
        Keep::Always => "unknown values: kept".to_owned(),
        Keep::If(condition) => format!("unknown values: kept where {}", code(&condition.text)),
    }
}

/// The class and words of what fails.
#[must_use]
pub fn failure(class: Option<Class>, say: Option<&str>) -> String {
    let class = class.map(|class| format!("({})", code(class.name())));
    let say = say.map(|say| format!("“{}”", escaped(say)));
    class.into_iter().chain(say).collect::<Vec<_>>().join(" ")
}

/// How a field's own failures are told, where it says so.
#[must_use]
pub fn fails_as(class: Option<Class>, say: Option<&str>) -> Option<String> {
    let class = class.map(|class| format!("failures are {}", code(class.name())));
    let say = say.map(|say| format!("“{}”", escaped(say)));
    let all: Vec<String> = class.into_iter().chain(say).collect();
    (!all.is_empty()).then(|| all.join(": "))
}

/// What becomes of a value without a name, and the class and words where it is refused.
#[must_use]
pub fn unknown_sentence(what: &str, keep: &Keep, class: Class, say: Option<&str>) -> String {
    let text = unknown(keep).replacen("unknown values", &format!("Unknown {what}"), 1);
    match keep {
        Keep::Always => format!("{text}."),
        Keep::Never => format!("{text} {}.", failure(Some(class), say)),
        Keep::If(_) => format!("{text}, else refused {}.", failure(Some(class), say)),
    }
}

fn line(kind: &str, rule: &Rule) -> String {
    // The class that a rule of its kind has anyway is not told.
    let usual = if kind == "expect" { Class::Note } else { Class::Invalid };
    let class = Some(rule.class).filter(|class| *class != usual);
    let that = match &rule.label {
        Some(label) => format!("of {}: {}", code(label), rule.expected),
        None => code(&rule.that.text),
    };
    let failure = failure(class, rule.say.as_deref());
    format!("**{kind}** {that} {failure}").trim_end().to_owned()
}
