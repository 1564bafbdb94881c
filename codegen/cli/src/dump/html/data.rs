//! What is embedded in the page, as the page's script reads it. Members are short where there are many of them.

use serde::Serialize;

/// All that the page knows.
#[derive(Debug, Serialize)]
pub struct Page {
    /// The name of the file.
    pub file: String,
    /// What it was read from, where that is to be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
    /// The same file, seen otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<Then>,
    /// The path of the first node, empty for the value as a whole.
    pub path: String,
    /// How many bytes the file has.
    pub size: u64,
    /// Absolute offset behind the last byte that was read.
    pub end: u64,
    /// The format.
    pub format: About,
    /// What the nodes are, each once.
    pub kinds: Vec<Kind>,
    /// Enums and flags.
    pub choices: Vec<Choice>,
    /// The tree; the first is the root, and children of a node stand together.
    pub nodes: Vec<Entry>,
    /// The bytes, by offset, without overlap.
    pub segments: Vec<Segment>,
    /// The error, then the findings.
    pub troubles: Vec<Mishap>,
    /// How many findings there are beyond these.
    pub left_out: u64,
}

/// A page behind another one.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Then {
    /// There it is.
    Page(Box<Page>),
    /// There is none: why.
    Refused(String),
}

/// A format.
#[derive(Debug, Serialize)]
pub struct About {
    pub id: String,
    pub title: String,
    pub doc: Option<String>,
}

/// What a node is in the spec.
#[derive(Debug, Default, Serialize)]
pub struct Kind {
    /// Its name; empty for an element of a list.
    pub name: String,
    /// As its type is written.
    pub written: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// `doc` of its type, where the field has one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_doc: Option<String>,
    /// File and line of the spec.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub site: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refs: Vec<String>,
    /// What else is to be said of it: what it follows from, what fixes it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Law>,
    /// Index into [`Page::choices`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<usize>,
    /// Lowest bit and width, of a part of an integer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<(u32, u32)>,
}

/// A rule.
#[derive(Debug, Serialize)]
pub struct Law {
    /// What the rule asks for.
    pub expected: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    pub class: &'static str,
    /// Whether a file that breaks it is refused.
    pub hard: bool,
    pub site: String,
}

/// An enum, or flags.
#[derive(Debug, Serialize)]
pub struct Choice {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Whether several of the values can hold at once.
    pub flags: bool,
    pub values: Vec<Named>,
}

/// A value of an enum, or a bit.
#[derive(Debug, Serialize)]
pub struct Named {
    pub name: String,
    /// The value on the wire, or the number of the bit.
    pub key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// A node, or a run of elements that are not in the page.
#[derive(Debug, Default, Serialize)]
pub struct Entry {
    /// Index into [`Page::kinds`]; that of the list for what is left out of it.
    #[serde(rename = "d")]
    pub kind: usize,
    /// Index in a list.
    #[serde(rename = "i", skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// Absolute offset.
    #[serde(rename = "a")]
    pub at: u64,
    /// Length in bytes.
    #[serde(rename = "n")]
    pub len: u64,
    #[serde(rename = "k")]
    pub shape: Shape,
    /// The value on a line.
    #[serde(rename = "v", skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// The value as a text of several lines, where it is long.
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Which of the named values it is: the index of an enum value, the bits of flags.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// How many there are: elements of a list, or what is left out.
    #[serde(rename = "m", skip_serializing_if = "is_zero")]
    pub count: u64,
    /// What else there is to say of it.
    #[serde(rename = "l", skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// Of bytes that come round the end of a ring, which are counted in the length: their offset, and how many they are.
    #[serde(rename = "w", skip_serializing_if = "Option::is_none")]
    pub round: Option<(u64, u64)>,
    /// Index of the first child, and how many there are.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub children: Option<(usize, usize)>,
}

/// What a value looks like.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    #[default]
    Record,
    List,
    Case,
    Bits,
    Int,
    Float,
    Bool,
    Enum,
    Flags,
    Guid,
    Bytes,
    Text,
    Blob,
    Zeros,
    Absent,
    /// Nodes that are not in the page.
    More,
}

/// Bytes that stand together.
#[derive(Debug, Serialize)]
pub struct Segment {
    pub at: u64,
    /// In base 64.
    pub bytes: String,
}

/// The error, or a finding.
#[derive(Debug, Serialize)]
pub struct Mishap {
    pub error: bool,
    pub path: String,
    pub offset: Option<u64>,
    pub class: &'static str,
    pub text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub site: String,
    /// The innermost node on the path; none where the path leads out of what is shown.
    pub node: Option<usize>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}
