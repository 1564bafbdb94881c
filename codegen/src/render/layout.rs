//! Blank lines, which the formatter does not put: between items, between members of an `impl` or a `trait`, in modules.

use core::mem;

use syn::{Attribute, File, ImplItem, Item, ItemImpl, ItemMod};

/// The text of items, with blank lines between them.
pub(super) fn items(items: Vec<Item>) -> String {
    let texts = items.into_iter().map(|item| (is_line(&item), item_text(item)));
    spaced(texts)
}

/// The text that the formatter gives.
pub(super) fn unparsed(attrs: Vec<Attribute>, items: Vec<Item>) -> String {
    prettyplease::unparse(&File { shebang: None, frontmatter: None, attrs, items })
}

/// Texts with blank lines between them, but not between those that are single lines of a kind.
fn spaced(texts: impl Iterator<Item = (Option<&'static str>, String)>) -> String {
    let mut out = String::new();
    let mut last = None;
    for (kind, text) in texts {
        if !out.is_empty() && (kind.is_none() || kind != last) {
            out.push('\n');
        }
        last = kind;
        out.push_str(&text);
    }
    out
}

/// The kind of an item that stands with others of its kind without blank lines.
fn is_line(item: &Item) -> Option<&'static str> {
    match item {
        Item::Use(_) => Some("use"),
        Item::Static(item) if item.attrs.is_empty() => Some("static"),
        Item::Const(item) if item.attrs.is_empty() => Some("const"),
        Item::Mod(item) if item.content.is_none() => Some("mod"),
        Item::Macro(item) if item.attrs.is_empty() => Some("macro"),
        _ => None,
    }
}

fn item_text(item: Item) -> String {
    match item {
        Item::Impl(item) if item.items.len() > 1 => impl_text(item),
        Item::Mod(item) if item.content.is_some() => mod_text(item),
        Item::Static(item) if item.attrs.is_empty() => one_line(&unparsed(Vec::new(), vec![Item::Static(item)])),
        Item::Macro(item) => macro_text(&unparsed(Vec::new(), vec![Item::Macro(item)])),
        other => unparsed(Vec::new(), vec![other]),
    }
}

/// The formatter does not know what a macro takes, and puts a space before every colon.
fn macro_text(text: &str) -> String {
    if text.contains('"') { text.to_owned() } else { text.replace(" : ", ": ") }
}

/// A table reads best with one line per entry, however long.
fn one_line(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with([')', ']', '}']) {
            out.truncate(out.trim_end_matches([',', ' ']).len());
        } else if !out.is_empty() && !out.ends_with(['(', '[', '{']) {
            out.push(' ');
        }
        out.push_str(line);
    }
    out + "\n"
}

fn impl_text(mut item: ItemImpl) -> String {
    let members = mem::take(&mut item.items);
    let body = spaced(members.into_iter().map(|member| (is_line_of_impl(&member), member_text(member))));
    let head = unparsed(Vec::new(), vec![Item::Impl(item)]);
    wrapped(&head, &body)
}

fn is_line_of_impl(member: &ImplItem) -> Option<&'static str> {
    matches!(member, ImplItem::Const(_) | ImplItem::Type(_)).then_some("const")
}

/// A member by itself, formatted inside an `impl` so that the width is right.
fn member_text(member: ImplItem) -> String {
    let mut shell: ItemImpl = syn::parse_quote!(impl Shell {});
    shell.items.push(member);
    let text = unparsed(Vec::new(), vec![Item::Impl(shell)]);
    let body = text.strip_prefix("impl Shell {\n").and_then(|text| text.strip_suffix("}\n"));
    body.unwrap_or(&text).to_owned()
}

fn mod_text(mut item: ItemMod) -> String {
    let content = item.content.take();
    let (brace, members) = content.unwrap_or_else(|| (syn::token::Brace::default(), Vec::new()));
    item.content = Some((brace, Vec::new()));
    let head = unparsed(Vec::new(), vec![Item::Mod(item)]);
    wrapped(&head, &indented(&items(members)))
}

/// The body between the braces that the head ends with.
fn wrapped(head: &str, body: &str) -> String {
    let open = head.trim_end().strip_suffix('}').map_or(head, str::trim_end);
    format!("{open}\n{body}}}\n")
}

fn indented(text: &str) -> String {
    let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
    text.lines().map(line).collect()
}
