//! Pages about formats: all that a spec declares is on one of them, their links lead somewhere, their pictures are XML, and
//! their offsets are where fields are found in the bytes of the examples.

mod xml;

use std::collections::{BTreeMap, BTreeSet};

use vmspec_codegen::document::{Offset, Page, anchor, offsets, pages, picture};
use vmspec_codegen::interpret::{Node, Record, Value, What};
use vmspec_codegen::model::{Body, FieldId, Format, TypeId};

use super::{each, formats};

#[test]
fn every_declaration_is_on_a_page_with_all_its_parts() {
    for format in formats() {
        let pages = pages(&format);
        for (i, ty) in format.types.iter().enumerate() {
            let section = section(&pages, &ty.name);
            assert!(section.contains(&format!("# `{}`\n", ty.name)), "{}", ty.name);
            for name in names(&format, TypeId(i)) {
                let cell = name.replace('|', "\\|");
                assert!(section.contains(&format!("`{cell}` |")), "{} {}: {name}\n{section}", format.id, ty.name);
            }
        }
        let choices = format.enums.iter().map(|e| (&e.name, e.values.iter().map(|v| &v.name).collect::<Vec<_>>()));
        let flags = format.flags.iter().map(|f| (&f.name, f.flags.iter().map(|flag| &flag.name).collect()));
        for (name, parts) in choices.chain(flags) {
            let section = section(&pages, name);
            assert!(parts.iter().all(|part| section.contains(&format!("| `{part}` |"))), "{name}\n{section}");
        }
        let examples = pages.last().map(|page| page.text.as_str()).unwrap_or_default();
        let told = |name: &str| examples.contains(&format!("<a id=\"{}\"></a>", anchor("example", name)));
        assert!(format.examples.iter().all(|example| told(&example.name)), "{}", format.id);
    }
}

/// What the table of a type has a row for.
fn names(format: &Format, id: TypeId) -> Vec<String> {
    match &format.ty(id).body {
        Body::Struct(s) => s.fields.iter().map(|f| &f.name).chain(s.lets.iter().map(|l| &l.name)).cloned().collect(),
        Body::Bits(bits) => bits.parts.iter().map(|part| part.name.clone()).collect(),
        Body::Union(union) => union.cases.iter().map(|case| case.written.clone()).collect(),
    }
}

/// The only section of a name, up to the next.
fn section<'p>(pages: &'p [Page], name: &str) -> &'p str {
    let start = format!("<a id=\"{}\"></a>", anchor("type", name));
    let found: Vec<&str> = pages.iter().flat_map(|page| page.text.split(&start).skip(1)).collect();
    assert_eq!(found.len(), 1, "{name}");
    found[0].split("<a id=\"").next().unwrap()
}

#[test]
fn links_lead_to_one_place_each() {
    let mut count = 0;
    for format in formats() {
        let pages = pages(&format);
        let ids: BTreeMap<&str, BTreeSet<&str>> = pages.iter().map(|page| (page.file.as_str(), ids(page))).collect();
        for page in &pages {
            let links = page.text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
            let drawn = page.text.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
            for link in links.chain(drawn).filter(|link| link.contains(".md")) {
                let (file, id) = link.split_once('#').unwrap_or((link, ""));
                let there = ids.get(file).unwrap_or_else(|| panic!("{} {}: {link}", format.id, page.file));
                assert!(id.is_empty() || there.contains(id), "{} {}: {link}", format.id, page.file);
                count += 1;
            }
        }
    }
    assert!(count > 1000, "{count} links");
}

fn ids(page: &Page) -> BTreeSet<&str> {
    let all: Vec<&str> = page.text.split("<a id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let set: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(set.len(), all.len(), "{} has an anchor twice", page.file);
    set
}

#[test]
fn pictures_are_well_formed_and_show_every_field_of_constant_size() {
    let mut count = 0;
    for format in formats() {
        for (i, ty) in format.types.iter().enumerate() {
            let Some(svg) = picture(&format, TypeId(i)) else { continue };
            let wrong = xml::wrong(&svg);
            assert!(wrong.is_none(), "{} {}: {wrong:?}\n{svg}", format.id, ty.name);
            assert!(svg.starts_with("<svg ") && !svg.contains('\n'), "{}", ty.name);
            let Body::Struct(s) = &ty.body else { continue };
            for field in s.fields.iter().filter(|field| field.size.fixed() != Some(0)) {
                assert!(svg.contains(&format!("<title>{}: ", field.name)), "{} {}", ty.name, field.name);
            }
            count += 1;
        }
    }
    assert!(count > 300, "{count} pictures");
}

#[test]
fn fields_lie_where_the_tables_say() {
    let (mut constant, mut sums) = (0, 0);
    each(|given| {
        let reading = given.read();
        records(&reading.root, &mut |at, record| {
            let (a, b) = hold(given.format, at, record, &given.name());
            constant += a;
            sums += b;
        });
    });
    assert!(constant > 1500 && sums > 300, "{constant} constant offsets, {sums} sums");
}

/// Each struct of a value that was read to its end.
fn records(node: &Node, look: &mut impl FnMut(u64, &Record)) {
    match &node.value {
        Value::Record(record) => {
            look(node.at, record);
            record.fields.iter().for_each(|field| records(field, look));
        }
        Value::List(items) => items.iter().for_each(|item| records(item, look)),
        Value::Case(_, Some(body)) => records(body, look),
        _ => {}
    }
}

/// Holds the fields of a struct against the offsets that its table says; how many are constant, and how many sums.
fn hold(format: &Format, start: u64, record: &Record, name: &str) -> (usize, usize) {
    let Some(What::Field(ty, _)) = record.fields.first().map(|field| field.what) else { return (0, 0) };
    let s = format.ty(ty).as_struct().unwrap();
    let said = offsets(format, s);
    let (mut constant, mut sums) = (0, 0);
    for node in record.fields.iter().filter(|node| node.is_present()) {
        let What::Field(_, FieldId(i)) = node.what else { continue };
        let about = format!("{name}: {}.{}", format.ty(ty).name, s.fields[i].name);
        match &said[i] {
            Offset::Constant(n) => {
                assert_eq!(node.at, start + n, "{about}");
                constant += 1;
            }
            Offset::Copies(all) => assert!(all.contains(&(node.at - start)), "{about}"),
            Offset::Behind(terms, n) => {
                let Some(sum) = sum(format, ty, start, record, terms) else { continue };
                assert_eq!(node.at, start + sum + n, "{about}: {terms:?} + {n}");
                sums += 1;
            }
            Offset::Said(..) => {}
        }
    }
    (constant, sums)
}

/// What a sum of sizes and ends of named fields is in a value.
fn sum(format: &Format, ty: TypeId, start: u64, record: &Record, terms: &[String]) -> Option<u64> {
    let s = format.ty(ty).as_struct()?;
    let of = |name: &str| record.fields.get(s.fields.iter().position(|field| field.name == name)?);
    let one = |term: &String| {
        let (function, name) = term.strip_suffix(')')?.split_once('(')?;
        let node = of(name)?;
        match function {
            "size" => Some(record.with_slack(node)),
            "end" => Some(node.at + record.with_slack(node) - start),
            _ => None,
        }
    };
    terms.iter().map(one).sum()
}
