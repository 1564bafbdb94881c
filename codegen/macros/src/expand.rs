//! From arguments to the module. The generator runs in a thread of its own: there it makes its tokens by itself, and what it makes
//! of a spec is the same as everywhere.

use std::env;
use std::path::{Path, PathBuf};
use std::thread;

use proc_macro::{Span, TokenStream, TokenTree};
use vmspec_codegen::build::module_name;
use vmspec_codegen::diagnostic::Style;
use vmspec_codegen::source::Source;
use vmspec_codegen::{Failure, Generated, Options, generate_with};

use crate::arguments::Arguments;
use crate::mistake::Mistake;

/// The stack of the generator, as large as that of a program.
const STACK: usize = 8 << 20;

/// As the generator puts its hints.
const SEEN_FROM: &str =
    "\n  |\n  = help: a path is seen from the folder of the package; with `./` in front from the folder of this file";

/// The module.
pub fn expand(given: &Arguments) -> Result<TokenStream, Vec<Mistake>> {
    let one = |mistake| vec![mistake];
    let (name, folder) = (name(given).map_err(one)?, folder(given).map_err(one)?);
    let source = Source::in_folder(&folder, &given.path);
    let generated = generate(&source, &given.options).map_err(|said| at_path(given, said, &folder))?;
    let unknown = unknown_types(given, &generated);
    if !unknown.is_empty() {
        return Err(unknown);
    }
    module(given, name, &generated, &folder).map_err(one)
}

fn name(given: &Arguments) -> Result<&str, Mistake> {
    let name = given.module.as_deref().or_else(|| module_name(&given.path));
    let text = || format!("`{}` is not called as a module can be; name it with `mod = note`", given.path);
    name.ok_or_else(|| Mistake::new(given.at, text()))
}

/// The folder that the path is seen from.
fn folder(given: &Arguments) -> Result<PathBuf, Mistake> {
    if Path::new(&given.path).is_absolute() {
        let text = "expected a path from the folder of the package, or `./` and one from the folder of this file";
        return Err(Mistake::new(given.at, text));
    }
    let current = env::current_dir().unwrap_or_default();
    if !given.path.starts_with("./") && !given.path.starts_with("../") {
        return Ok(current.join(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()));
    }
    let file = given.at.local_file().or_else(|| Span::call_site().local_file());
    let folder = file.as_deref().and_then(Path::parent).map(|folder| current.join(folder));
    let text = "the compiler does not say where this file is; write the path from the folder of the package";
    folder.ok_or_else(|| Mistake::new(given.at, text))
}

/// Runs the generator, or tells what is wrong.
fn generate(source: &Source, options: &Options) -> Result<Generated, Vec<String>> {
    thread::scope(|scope| {
        let run = || generate_with(source, options).map_err(|failure| told(&failure));
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        let thread = thread.map_err(|e| vec![format!("the generator cannot run: {e}")])?;
        thread.join().unwrap_or_else(|_| Err(vec!["the generator panicked".to_owned()]))
    })
}

/// Each error, without the word `error` in front: that is the compiler's to say.
fn told(failure: &Failure) -> Vec<String> {
    let texts = failure.render_each(Style::Plain);
    texts.into_iter().map(|text| text.strip_prefix("error").map(str::to_owned).unwrap_or(text)).collect()
}

/// Errors of the path. Where that leads nowhere, it may have been seen from another folder than was meant.
fn at_path(given: &Arguments, texts: Vec<String>, folder: &Path) -> Vec<Mistake> {
    let help = if folder.join(&given.path).exists() { "" } else { SEEN_FROM };
    texts.into_iter().map(|text| Mistake::new(given.at, text + help)).collect()
}

fn unknown_types(given: &Arguments, generated: &Generated) -> Vec<Mistake> {
    let at = |name: &str| given.types.iter().find(|(known, _)| known == name).map_or(given.at, |(_, at)| *at);
    given.options.unknown_types(&generated.types).map(|(name, said)| Mistake::new(at(name), said)).collect()
}

/// The tokens of the module, and of constants that make the compiler look at the files it comes from.
fn module(given: &Arguments, name: &str, generated: &Generated, folder: &Path) -> Result<TokenStream, Mistake> {
    let parse = |text: &str| text.parse::<TokenStream>().map_err(|e| Mistake::new(given.at, e.to_string()));
    let mut tokens = TokenStream::new();
    for token in given.written.put_into(parse(&generated.as_module("", name))?) {
        if matches!(&token, TokenTree::Ident(word) if word.to_string() == "mod") {
            // As written, so that the compiler can say where it is wrong.
            tokens.extend(given.vis.clone());
        }
        tokens.extend([token]);
    }
    for input in &generated.inputs {
        let path = folder.join(input);
        tokens.extend(parse(&format!("const _: &[u8] = include_bytes!({:?});", path.display().to_string()))?);
    }
    Ok(tokens)
}
