//! A reading as one page for a browser: the tree beside the bytes, each leading to the other. The page needs nothing from
//! outside, and its size is bounded however large the file is.
//!
//! Whatever comes from the file or the spec is data: it is embedded as JSON, and the page's script only ever makes text
//! of it. The page's policy runs that one script and nothing else.

mod data;
mod embed;
mod excerpt;
mod kinds;
mod outline;
mod pick;

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use vmspec_codegen::interpret::Trouble;
use vmspec_codegen::model::Format;

use super::marks::message;
use super::view::{Then as Shown, View, shown_site};
use super::walk::lies_in;
use data::{About, Mishap, Page, Then};
use excerpt::Excerpts;
use outline::Outline;

/// The page without its parts, each of which stands between double braces.
const PAGE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
/// One module: the parts see each other's names.
const SCRIPT: &str = concat!(
    include_str!("html/data.js"),
    include_str!("html/rows.js"),
    include_str!("html/tree.js"),
    include_str!("html/hex.js"),
    include_str!("html/details.js"),
    include_str!("html/search.js"),
    include_str!("html/page.js"),
);

/// The page; `file` is what the file is called in it.
pub fn page(view: &View<'_>, then: Option<&Shown<'_>>, file: &str) -> io::Result<String> {
    let mut all = data(view, file)?;
    all.then = match then {
        None => None,
        Some(Shown::Shown(view)) => Some(Then::Page(Box::new(data(view, file)?))),
        Some(Shown::Refused(why)) => Some(Then::Refused(why.to_string())),
    };
    let json = embed::embed(&all)?;
    // Split, not replaced: what is put in is not looked through again.
    let mut parts = PAGE.split("{{");
    let mut page = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, text) = part.split_once("}}").unwrap_or(("", part));
        match name {
            "style" => page.push_str(STYLE),
            "style-hash" => page.push_str(&hash(STYLE)),
            "script" => page.push_str(SCRIPT),
            "script-hash" => page.push_str(&hash(SCRIPT)),
            _ => page.push_str(&json),
        }
        page.push_str(text);
    }
    Ok(page)
}

/// What a policy calls an inline script or style by.
fn hash(of: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(of)))
}

fn data(view: &View<'_>, file: &str) -> io::Result<Page> {
    let reading = view.reading;
    let outline = Outline::of(view);
    let segments = Excerpts::of(view, &outline.nodes).segments(view.bytes)?;
    let troubles = reading.error.iter().map(|t| (true, t)).chain(reading.findings.iter().map(|t| (false, t)));
    let troubles = troubles.map(|(error, trouble)| mishap(view, &outline, error, trouble)).collect();
    Ok(Page {
        file: file.to_owned(),
        seen: view.seen.as_ref().map(ToString::to_string),
        then: None,
        path: view.path.clone(),
        size: view.bytes.size(),
        end: reading.end,
        format: about(view.format),
        troubles,
        left_out: reading.left_out,
        kinds: outline.kinds.all,
        choices: outline.kinds.choices,
        nodes: outline.nodes,
        segments,
    })
}

fn about(format: &Format) -> About {
    About { id: format.id.clone(), title: format.title.clone(), doc: format.doc.clone() }
}

fn mishap(view: &View<'_>, outline: &Outline<'_>, error: bool, trouble: &Trouble) -> Mishap {
    let inner = trouble.path.strip_prefix(&view.path).filter(|_| lies_in(&trouble.path, &view.path));
    let node = inner.map(|path| outline.innermost(path));
    Mishap {
        error,
        path: trouble.path.clone(),
        offset: trouble.offset,
        class: if trouble.io.is_some() { "io" } else { trouble.class.name() },
        text: message(trouble),
        site: trouble.site.and_then(|site| shown_site(view.format, site)).unwrap_or_default(),
        node,
    }
}

#[cfg(test)]
mod tests;
