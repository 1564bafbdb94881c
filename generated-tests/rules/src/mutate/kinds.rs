//! All changes of a spec: each drops, turns or moves one thing that its author wrote.

use vmspec_codegen::syntax::yaml::{Kind, Node};

use super::words::{number, of_expression, of_type};
use super::yaml::{Step, WORDS, at, shown};

/// A change of one file.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The file.
    pub file: String,
    /// What kind of change it is.
    pub kind: &'static str,
    /// Where.
    path: Vec<Step>,
    /// What becomes of it.
    change: Change,
}

#[derive(Clone, Debug)]
enum Change {
    /// The value is gone, with its key.
    Drop,
    /// Another text.
    Text(String),
    /// Another key.
    Rename(String),
    /// It changes places with the next one.
    Swap,
}

/// All changes of a file.
pub fn mutants(file: &str, tree: &Node) -> Vec<Mutant> {
    let mut all = All { file, out: Vec::new() };
    all.walk(tree, &mut Vec::new());
    all.out
}

impl Mutant {
    /// What tells it from others, as people read it.
    pub fn name(&self) -> String {
        let path = shown(&self.path);
        match &self.change {
            Change::Drop => format!("{path}: dropped"),
            Change::Text(text) => format!("{path}: {text}"),
            Change::Rename(key) => format!("{path}: as {key}"),
            Change::Swap => format!("{path}: behind the next"),
        }
    }

    /// The same with its file.
    pub fn full_name(&self) -> String {
        format!("{}: {}", self.file, self.name())
    }

    /// The type that it is in, where it is in one.
    pub fn type_name(&self) -> Option<&str> {
        match self.path.as_slice() {
            [Step::Key(top), Step::Key(name), ..] if top == "types" => Some(name),
            _ => None,
        }
    }

    /// The tree with the change.
    pub fn of(&self, tree: &Node) -> Option<Node> {
        let mut tree = tree.clone();
        if let Change::Text(new) = &self.change {
            at(&mut tree, &self.path)?.kind = Kind::Scalar { text: new.clone(), plain: true };
            return Some(tree);
        }
        let (last, around) = self.path.split_last()?;
        match (&mut at(&mut tree, around)?.kind, last) {
            (Kind::Map(entries), Step::Key(key)) => {
                let index = entries.iter().position(|(name, _)| name.scalar() == Some(key))?;
                match &self.change {
                    Change::Rename(new) => {
                        entries.get_mut(index)?.0.kind = Kind::Scalar { text: new.clone(), plain: true }
                    }
                    Change::Swap => swap_values(entries, index)?,
                    _ => drop(entries.remove(index)),
                }
            }
            (Kind::Seq(items), Step::Index(index)) => match &self.change {
                Change::Swap if index.saturating_add(1) < items.len() => items.swap(*index, index.saturating_add(1)),
                Change::Drop => drop(items.remove(*index)),
                _ => return None,
            },
            _ => return None,
        }
        Some(tree)
    }
}

/// What two labels stand for.
fn swap_values(entries: &mut [(Node, Node)], index: usize) -> Option<()> {
    let next = index.checked_add(1).filter(|next| *next < entries.len())?;
    let (head, tail) = entries.split_at_mut(next);
    std::mem::swap(&mut head.last_mut()?.1, &mut tail.first_mut()?.1);
    Some(())
}

struct All<'f> {
    file: &'f str,
    out: Vec<Mutant>,
}

impl All<'_> {
    fn put(&mut self, kind: &'static str, path: &[Step], change: Change) {
        self.out.push(Mutant { file: self.file.to_owned(), kind, path: path.to_vec(), change });
    }

    fn walk(&mut self, node: &Node, path: &mut Vec<Step>) {
        match &node.kind {
            Kind::Map(entries) => {
                for (i, (key, value)) in entries.iter().enumerate() {
                    let Some(key) = key.scalar() else { continue };
                    // What words say, and how a journal is replayed, is nothing that a reading shows.
                    if WORDS.contains(&key) && !is_named(path) || key == "journal" || key == "init" && !is_state(path) {
                        continue;
                    }
                    path.push(Step::Key(key.to_owned()));
                    let other = entries.get(i.saturating_add(1)).is_some_and(|(_, next)| !same(value, next));
                    self.entry(path, (key, value), other);
                    self.walk(value, path);
                    path.pop();
                }
            }
            Kind::Seq(items) => {
                for (i, item) in items.iter().enumerate() {
                    path.push(Step::Index(i));
                    let other = items.get(i.saturating_add(1)).is_some_and(|next| !same(item, next));
                    self.item(path, item, other);
                    self.walk(item, path);
                    path.pop();
                }
            }
            Kind::Scalar { .. } => {}
        }
    }

    /// An element of a list: a field, a rule, a name.
    fn item(&mut self, path: &[Step], item: &Node, more: bool) {
        let [.., Step::Key(list), Step::Index(_)] = path else { return };
        if list == "fields" || is_case(path.get(..path.len().saturating_sub(1)).unwrap_or_default()) {
            if more {
                self.put("fields swapped", path, Change::Swap);
            }
            return;
        }
        match list.as_str() {
            "valid" | "expect" | "require" | "unique" => {
                self.put("rule dropped", path, Change::Drop);
                self.expression(path, item);
            }
            _ if is_in(path, "groups") => self.put("group", path, Change::Drop),
            "at" => self.expression(path, item),
            "try" if more => self.put("byte order", path, Change::Swap),
            _ => {}
        }
    }

    fn entry(&mut self, path: &[Step], (key, value): (&str, &Node), more: bool) {
        if is_value(path) {
            return self.named_value(path, key, more);
        }
        if is_case(path) {
            self.put("case dropped", path, Change::Drop);
            if more {
                self.put("cases swapped", path, Change::Swap);
            }
            self.typed(path, value);
            return;
        }
        if is_field(path) || is_param(path) {
            return self.typed(path, value);
        }
        self.option(path, (key, value));
    }

    /// A value of an enum or a bit of flags.
    fn named_value(&mut self, path: &[Step], key: &str, more: bool) {
        self.put("value dropped", path, Change::Drop);
        if let Some(n) = number(key.trim_start_matches('-')) {
            let n = if key.starts_with('-') { n.saturating_neg() } else { n };
            for by in [1, 1000] {
                self.put("value changed", path, Change::Rename(n.saturating_add(by).to_string()));
            }
        } else {
            let turned: String = key.chars().rev().enumerate().map(|(i, c)| turned(i, c)).collect();
            self.put("value changed", path, Change::Rename(turned.chars().rev().collect()));
        }
        if more {
            self.put("values swapped", path, Change::Swap);
        }
    }

    fn typed(&mut self, path: &[Step], value: &Node) {
        if let Some(text) = value.scalar() {
            for (kind, new) in of_type(text) {
                self.put(kind, path, Change::Text(new));
            }
        }
    }

    fn option(&mut self, path: &[Step], (key, value): (&str, &Node)) {
        match key {
            "valid" | "expect" | "require" | "unique" | "disjoint" => self.put("rule dropped", path, Change::Drop),
            "max" | "max_count" | "if" | "since" | "before" | "mismatch" | "slack" | "gap" | "class" | "unknown"
            | "value" | "remember" | "sentinel" | "newest" | "endian" | "open" | "default" | "size"
            | "version_bits" => {
                self.put(dropped(key), path, Change::Drop);
            }
            _ => {}
        }
        let Some(text) = value.scalar() else { return };
        match key {
            "type" | "repr" | "cell" | "key" => self.typed(path, value),
            "magic" => {
                let mut turned: Vec<char> = text.chars().collect();
                turned.last_mut().into_iter().for_each(|c| *c = if *c == 'x' { 'y' } else { 'x' });
                self.put("constant", path, Change::Text(turned.into_iter().collect()));
            }
            "mismatch" | "unknown" => self.other(path, text, "policy", &["keep", "error"]),
            "slack" | "gap" => self.other(path, text, "policy", &["keep", "zero", "none"]),
            "class" => self.other(path, text, "class", &["invalid", "unsupported"]),
            "endian" => self.expression(path, value),
            _ if is_word(path, key) => self.expression(path, value),
            // The name of a case's body.
            _ if is_case(path.get(..path.len().saturating_sub(1)).unwrap_or_default()) => self.typed(path, value),
            _ => {}
        }
    }

    fn other(&mut self, path: &[Step], text: &str, kind: &'static str, all: &[&str]) {
        for new in all.iter().filter(|new| **new != text) {
            self.put(kind, path, Change::Text((*new).to_owned()));
        }
    }

    fn expression(&mut self, path: &[Step], value: &Node) {
        let Some(text) = value.scalar() else { return };
        for (kind, new) in of_expression(text) {
            self.put(kind, path, Change::Text(new));
        }
    }
}

/// Whether two trees say the same, wherever they stand.
fn same(a: &Node, b: &Node) -> bool {
    super::yaml::text(a) == super::yaml::text(b)
}

fn dropped(key: &str) -> &'static str {
    match key {
        "max" | "max_count" => "most dropped",
        "if" | "since" | "before" => "condition dropped",
        "mismatch" | "slack" | "gap" | "unknown" => "policy dropped",
        "value" => "pin dropped",
        "remember" => "memory dropped",
        "sentinel" => "sentinel dropped",
        "class" => "class dropped",
        _ => "option dropped",
    }
}

/// The next letter, for the last one.
fn turned(i: usize, c: char) -> char {
    match (i, c) {
        (0, 'z' | 'Z' | '9') => 'a',
        (0, 'f') => 'e',
        (0, c) => char::from_u32(u32::from(c).saturating_add(1)).unwrap_or(c),
        _ => c,
    }
}

/// Whether a scalar of a key is an expression.
fn is_word(path: &[Step], key: &str) -> bool {
    const EXPRESSIONS: [&str; 26] = [
        "valid",
        "expect",
        "require",
        "that",
        "if",
        "size",
        "count",
        "at",
        "via",
        "until",
        "while",
        "value",
        "each",
        "max",
        "max_count",
        "unique",
        "start",
        "where",
        "keep",
        "let",
        "newest",
        "since",
        "before",
        "byte",
        "tag",
        "version_bits",
    ];
    let under = |name: &str| is_in(path, name);
    let init = key == "init" && is_state(path);
    EXPRESSIONS.contains(&key) || under("with") || under("remember") || under("version") || key == "when" || init
}

/// Whether the last key stands in a mapping of this name, or in one in it.
fn is_in(path: &[Step], name: &str) -> bool {
    path.iter().rev().skip(1).take(2).any(|step| matches!(step, Step::Key(key) if key == name))
}

fn is_state(path: &[Step]) -> bool {
    matches!(path.first(), Some(Step::Key(key)) if key == "state")
}

/// Whether the keys here are names that an author gave.
fn is_named(path: &[Step]) -> bool {
    matches!(path.last(), Some(Step::Key(key)) if key == "cases" || key == "types" || key == "enums")
        || matches!(path.last(), Some(Step::Index(_)))
}

fn is_value(path: &[Step]) -> bool {
    matches!(path, [Step::Key(top), _, Step::Key(values), _] if top == "enums" && values == "values" || top == "flags" && values == "bits")
}

/// A case of a switch, of one that is extended, a subsection.
fn is_case(path: &[Step]) -> bool {
    let [.., Step::Key(around), Step::Key(_)] = path else { return false };
    let extended = matches!(path, [Step::Key(top), _, _] if top == "extend");
    around == "cases" || around == "default" || around == "subsections" || extended
}

/// A field by its name, in a list of fields.
fn is_field(path: &[Step]) -> bool {
    let [around @ .., Step::Index(_), Step::Key(_)] = path else { return false };
    matches!(around.last(), Some(Step::Key(list)) if list == "fields") || is_case(around)
}

fn is_param(path: &[Step]) -> bool {
    matches!(path, [.., Step::Key(around), Step::Key(_)] if around == "params" || around == "row" || around == "columns")
}
