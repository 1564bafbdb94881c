//! Whether a text is well-formed XML, as far as elements, attributes and references go.

#![allow(clippy::string_slice, reason = "a test fails by it")]

use std::collections::BTreeSet;

/// What is wrong with it.
pub fn wrong(text: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        if let Some(why) = bad_text(&rest[..at]) {
            return Some(why);
        }
        let Some(end) = rest[at..].find('>') else { return Some(format!("no end: {rest}")) };
        let tag = &rest[at + 1..at + end];
        rest = &rest[at + end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Some(format!("</{name}> closes nothing"));
            }
        } else {
            let (body, is_empty) = tag.strip_suffix('/').map_or((tag, false), |body| (body, true));
            let (name, attributes) = body.split_once(' ').unwrap_or((body, ""));
            if let Some(why) = bad_attributes(attributes) {
                return Some(format!("<{name}>: {why}"));
            }
            open.extend((!is_empty).then_some(name));
        }
        if open.is_empty() && !rest.is_empty() {
            return Some(format!("behind the root: {rest}"));
        }
    }
    bad_text(rest).or_else(|| (!open.is_empty()).then(|| format!("not closed: {open:?}")))
}

fn bad_attributes(text: &str) -> Option<String> {
    let mut seen = BTreeSet::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let Some((name, from)) = rest.split_once("=\"") else { return Some(format!("no value: {rest}")) };
        let Some((value, behind)) = from.split_once('"') else { return Some(format!("no end: {rest}")) };
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
        if !is_name || !seen.insert(name) {
            return Some(format!("`{name}` twice, or no name"));
        }
        if let Some(why) = bad_text(value) {
            return Some(why);
        }
        rest = behind.trim_start();
    }
    None
}

fn bad_text(text: &str) -> Option<String> {
    let is_bad = |c: char| c == '<' || c == '>' || (c.is_control() && c != '\n');
    let known = ["amp;", "lt;", "gt;", "quot;"];
    let bad_reference = text.split('&').skip(1).any(|rest| !known.iter().any(|name| rest.starts_with(name)));
    (text.contains(is_bad) || bad_reference).then(|| format!("not text: {text}"))
}

#[test]
fn faults_are_found() {
    for good in ["<a/>", "<a b=\"1\"><c>x &amp; y</c></a>"] {
        assert_eq!(wrong(good), None);
    }
    for bad in ["<a>", "<a></b>", "<a b=1/>", "<a b=\"1\" b=\"2\"/>", "<a>&x</a>", "<a/><b/>", "<a"] {
        assert!(wrong(bad).is_some(), "{bad}");
    }
}
