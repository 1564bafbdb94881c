//! `docs`: the book of the project, an mdBook of what stands in `docs` and of pages that are made from the specs. Its pages
//! are made and their links checked without any other program; HTML needs `mdbook`.

pub mod blocks;
mod build;
mod diagnostics;
mod examples;
mod formats;
mod html;
mod language;
mod links;
mod source;
mod target;

use std::path::Path;
use std::time::Instant;

use crate::chore::Failure;
use crate::ci::cargo;
use crate::tree::Tree;

use source::BookSource;
use target::Target;

const API: &[&str] = &["doc", "--workspace", "--no-deps", "--all-features"];

/// Makes the book; fails where `mdbook` is missing.
pub fn run(tree: &Tree) -> Result<(), Failure> {
    let target = Target::of(tree)?;
    let source = pages(tree, &target)?;
    let Some(program) = build::program() else { return Err(Failure(build::HINT.to_owned())) };
    book(&program, &source, &target)?;
    println!("{}: the book", target.book().join("index.html").display());
    Ok(())
}

/// Makes the book, and puts the documentation of the crates into it.
pub fn run_with_api(tree: &Tree) -> Result<(), Failure> {
    run(tree)?;
    cargo(tree, API)?;
    let target = Target::of(tree)?;
    let count = target::copy(&target.rustdoc(), &target.api())?;
    println!("{}: {count} files of the crates' documentation", target.api().display());
    Ok(())
}

/// Makes the pages and checks them; makes the book as well where there is an `mdbook`.
pub fn check(tree: &Tree) -> Result<(), Failure> {
    let target = Target::of(tree)?;
    let source = pages(tree, &target)?;
    if let Some(program) = build::program() {
        return book(&program, &source, &target);
    }
    println!("no HTML is made of the pages: {}", build::HINT);
    Ok(())
}

/// Makes all pages, in the folder that `mdbook` reads them from.
fn pages(tree: &Tree, target: &Target) -> Result<BookSource, Failure> {
    let started = Instant::now();
    let source = BookSource::gather(tree)?;
    links::check(&source)?;
    let blocks = examples::check(&source)?;
    source.write(&target.source())?;
    let milliseconds = started.elapsed().as_millis();
    let count = source.pages().count();
    println!("{count} pages, all links lead somewhere, {blocks} blocks of code, all of them run, {milliseconds} ms");
    Ok(source)
}

fn book(program: &Path, source: &BookSource, target: &Target) -> Result<(), Failure> {
    build::run(program, &target.source(), &target.book())?;
    let count = html::check(&target.book())?;
    println!("{count} files of HTML of {} pages, nothing is asked of other machines", source.pages().count());
    Ok(())
}
