//! Pages of every example: all nodes are there, each is found by its path, and its bytes are there too.

use std::error::Error;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use vmspec_codegen::interpret::Look;
use vmspec_codegen::model::{Content, Field, Type};

use super::super::tests::every_example;
use super::super::walk::{Inside, behind_cases, enter, inside};
use super::data::{Page, Shape};
use super::outline::Outline;
use super::{data, page};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The paths of all nodes, with their places.
fn paths(look: &Look<'_>, path: &str, all: &mut Vec<(String, u64, u64)>) {
    all.push((path.to_owned(), look.node.at, look.node.len));
    let within = behind_cases(look).1.map_or(Inside::Nothing, |content| inside(&content));
    let children = match within {
        Inside::Nothing => Vec::new(),
        Inside::Fields(fields) => fields,
        Inside::Elements(elements) => elements.iter().collect(),
        Inside::Numbers(packed) => {
            let step = u64::try_from(packed.step()).unwrap_or(1);
            let place = |i: u64| look.node.at.saturating_add(step.saturating_mul(i));
            return all.extend((0_u64..).zip(packed.numbers()).map(|(i, _)| (format!("{path}[{i}]"), place(i), step)));
        }
    };
    for child in children {
        let mut of_child = path.to_owned();
        enter(&mut of_child, &child);
        paths(&child, &of_child, all);
    }
}

#[test]
fn every_node_is_there_and_found_by_its_path() -> Result {
    every_example(|view, name| {
        let outline = Outline::of(view);
        let mut all = Vec::new();
        paths(&view.top, "", &mut all);
        let left_out = outline.nodes.iter().filter(|node| node.shape == Shape::More).count();
        assert_eq!(outline.nodes.len().saturating_sub(left_out), all.len(), "{name}");
        let is_lazy = |field: &&Field| matches!(field.content, Content::Lazy(_));
        let lists =
            view.format.types.iter().filter_map(Type::as_struct).flat_map(|s| &s.fields).filter(is_lazy).count();
        assert!(left_out <= lists, "{name}: only elements that are not held are left out");
        for (path, at, len) in &all {
            let found = outline.nodes.get(outline.innermost(path)).ok_or("no node")?;
            let same_path = |of: &&(String, u64, u64)| of.0 == *path;
            // Fields without a name can share a path.
            let places: Vec<_> = all.iter().filter(same_path).map(|of| (of.1, of.2)).collect();
            assert!(places.contains(&(found.at, found.len)), "{name}: {path} at {at:#x}, {len} bytes");
        }
        Ok(())
    })
}

#[test]
fn the_bytes_of_small_files_are_there() -> Result {
    every_example(|view, name| {
        let Page { segments, size, .. } = data(view, "x")?;
        let mut found = Vec::new();
        for segment in &segments {
            assert_eq!(u64::try_from(found.len())?, segment.at, "{name}");
            found.extend(STANDARD.decode(&segment.bytes)?);
        }
        let mut bytes = vec![0; usize::try_from(size)?];
        view.bytes.read_at(0, &mut bytes)?;
        if size < 300 {
            assert_eq!(found, bytes, "{name}");
        }
        Ok(())
    })
}

#[test]
fn the_policy_names_just_the_script_and_the_style_of_the_page() -> Result {
    let mut checked = false;
    every_example(|view, _| {
        // All pages have the same script and style.
        if std::mem::replace(&mut checked, true) {
            return Ok(());
        }
        let page = page(view, None, "x")?;
        for (tag, kind) in [("<script type=\"module\">", "script"), ("<style>", "style")] {
            let (_, text) = page.split_once(tag).ok_or("no element")?;
            let (text, _) = text.split_once("</").ok_or("no end")?;
            assert!(text.len() > 1000, "the {kind} is cut off by its own text");
            assert!(page.contains(&format!("{kind}-src '{}'", super::hash(text))), "{kind}");
        }
        Ok(())
    })
}
