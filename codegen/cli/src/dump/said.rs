//! What a spec says of a field beside its name: rules, sizes, conditions, and where it says so.

use vmspec_codegen::diagnostic::printable;
use vmspec_codegen::interpret::{Look, Value, What};
use vmspec_codegen::model::{Body, Content, Field, Length, Role, Rule, Until};

use super::value::Writer;
use super::view::shown_site;
use super::walk::behind_cases;

/// A statement: its key in the spec, and what is said.
type Said = (&'static str, String);

/// The first line of a text, as much as there is room for.
pub fn first_line(text: &str, room: usize) -> String {
    let line = text.trim().lines().next().unwrap_or("");
    match line.char_indices().nth(room) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or("").trim_end()),
        None => line.to_owned(),
    }
}

/// Its documentation: of an element that of its type, as its field speaks of the list.
pub fn doc<'a>(look: &Look<'a>) -> Option<&'a str> {
    match look.node.what {
        What::Element(_) => look.type_id().and_then(|ty| look.format.ty(ty).doc.as_deref()),
        _ => look.doc(),
    }
}

/// Its type as written; of a switch also the case that is there.
pub fn type_of(look: &Look<'_>) -> String {
    let (names, content) = behind_cases(look);
    let content = content.filter(|_| !names.is_empty()).map(|content| content.written());
    let all: Vec<_> = [look.written()].into_iter().chain(names).chain(content).collect();
    printable(&all.join(": "))
}

/// Documentation of the enum's value or of the case that is there.
pub fn meaning(look: &Look<'_>) -> Option<String> {
    if let Value::Enum(_) = look.node.value {
        return look.named()?.doc.clone();
    }
    look.case()?.doc.clone()
}

/// All that is said of it, and where.
pub fn rules(look: &Look<'_>) -> Vec<Said> {
    let mut all = Vec::new();
    // The rules of a list are not those of its elements.
    let own = look.field.filter(|_| matches!(look.node.what, What::Field(..)));
    match (look.part(), own) {
        (Some(part), _) => {
            all.extend(part.valid.iter().map(|rule| ("valid", shown(rule))));
            all.extend(part.expect.iter().map(|rule| ("expect", shown(rule))));
        }
        (None, Some(field)) => {
            of_place(field, &mut all);
            of_list(field, &mut all);
            of_value(field, &mut all);
        }
        (None, None) => {}
    }
    let content = behind_cases(look).1;
    let inner = content.as_ref().and_then(|content| content.field).filter(|_| look.case().is_some());
    if let Some(body) = inner {
        of_value(body, &mut all);
    }
    all.extend(required(look).iter().map(|rule| ("require", shown(rule))));
    all.extend(refs(look).map(|refs| ("refs", refs)));
    all.extend(shown_site(look.format, look.site()).map(|site| ("spec", site)));
    all
}

/// Where the spec's author has it from: the field, or else its type.
fn refs(look: &Look<'_>) -> Option<String> {
    let own = look.field.filter(|_| matches!(look.node.what, What::Field(..))).map(|field| &field.refs);
    let of_type = look.type_id().map(|ty| &look.format.ty(ty).refs);
    [own, of_type].into_iter().flatten().find(|refs| !refs.is_empty()).map(|refs| refs.join(", "))
}

/// When and where it is there.
fn of_place(field: &Field, all: &mut Vec<Said>) {
    all.extend(field.shown.iter().map(|name| ("as", name.clone())));
    all.extend(field.presence.iter().map(|presence| ("if", presence.that.text.clone())));
    all.extend(field.at.iter().map(|at| ("at", at.offset.text.clone())));
    all.extend(field.aside.iter().map(|aside| ("via", aside.offset.text.clone())));
    all.extend(field.window.iter().map(|window| ("size", window.size.text.clone())));
    let max = field.max.or_else(|| field.window.as_ref().and_then(|window| window.max));
    all.extend(max.map(|max| ("max", max.to_string())));
    let length = match &field.content {
        Content::Bytes(n) | Content::Utf8(n) | Content::Utf16(n) | Content::Blob(n) | Content::Zero(n) => Some(n),
        _ => None,
    };
    // What is written of the type says all there is to say of a constant.
    if let Some(Length::Expr(length)) = length {
        all.push(("length", length.text.clone()));
    }
}

fn of_list(field: &Field, all: &mut Vec<Said>) {
    if let Content::Lazy(lazy) = &field.content {
        all.extend([("count", lazy.count.text.clone()), ("lazy", "true".to_owned())]);
    }
    let Some(repeat) = &field.repeat else { return };
    all.push(match &repeat.until {
        Until::Count(n) => ("count", n.text.clone()),
        Until::Rest => ("count", "rest".to_owned()),
        Until::Until(that) => ("until", that.text.clone()),
        Until::While(that) => ("while", that.text.clone()),
    });
    all.extend(repeat.unique.iter().map(|expr| ("unique", expr.text.clone())));
    if let Some((start, size)) = &repeat.disjoint {
        all.push(("disjoint", format!("start {}, size {}", start.text, size.text)));
    }
    all.extend(repeat.max_count.iter().map(|expr| ("max_count", expr.text.clone())));
}

fn of_value(field: &Field, all: &mut Vec<Said>) {
    if let Role::Pinned(pin) = &field.role {
        all.push(("fixed to", pin.value.text.clone()));
    }
    all.extend(field.valid.iter().map(|rule| ("valid", shown(rule))));
    all.extend(field.expect.iter().map(|rule| ("expect", shown(rule))));
}

/// Rules over all of what it is made of.
fn required<'a>(look: &Look<'a>) -> &'a [Rule] {
    match look.type_id().map(|id| &look.format.ty(id).body) {
        Some(Body::Struct(body)) => &body.require,
        Some(Body::Bits(body)) => &body.require,
        Some(Body::Union(body)) => &body.require,
        None => &[],
    }
}

/// A rule with the class of its failure and the author's words.
fn shown(rule: &Rule) -> String {
    let say = rule.say.as_ref().map_or_else(String::new, |say| format!(": {}", printable(say)));
    format!("{} ({}){say}", rule.that.text, rule.class.name())
}

/// The parts of an integer, each with its bits.
pub fn parts(look: &Look<'_>, writer: Writer<'_>) -> Vec<String> {
    let Some(content) = behind_cases(look).1.filter(|content| matches!(content.node.value, Value::Bits(_))) else {
        return Vec::new();
    };
    let parts = content.children();
    let width = parts.iter().map(|part| part.name().len()).max().unwrap_or(0);
    let line = |part: &Look<'_>| {
        let bits = part.part().map_or_else(String::new, |of| match of.width {
            0 | 1 => of.shift.to_string(),
            width => format!("{} to {}", of.shift, of.shift.saturating_add(width).saturating_sub(1)),
        });
        format!("{bits:8}  {:width$}  {}", part.name(), writer.value(part))
    };
    parts.iter().map(line).collect()
}
