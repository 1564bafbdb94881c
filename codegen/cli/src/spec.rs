//! Specs from files and those built in, and what is wrong with them on the screen.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use vmspec::format::Format;
use vmspec_codegen::Failure;
use vmspec_codegen::diagnostic::Style;
use vmspec_codegen::source::Source;

/// A spec, which may use others of its folder.
pub fn from_file(path: &Path) -> io::Result<Source> {
    if !fs::File::open(path)?.metadata()?.is_file() {
        return Err(io::Error::other("it is not a plain file"));
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    Ok(Source::file(path, folder.unwrap_or(Path::new("."))))
}

/// The spec of a format built in, which is built in as well.
pub fn built_in(format: &Format) -> Source {
    let texts: BTreeMap<_, _> = format.files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
    Source::memory(format.spec, texts)
}

/// Every error with its place in the text. Colours are taken out later where they are not wanted.
pub fn render(failure: &Failure) -> String {
    failure.render(Style::Color)
}

#[cfg(test)]
mod tests {
    use super::built_in;
    use vmspec::format::FORMATS;

    #[test]
    fn every_format_built_in_is_what_its_spec_says() {
        for format in FORMATS {
            let compiled = vmspec_codegen::compile(&built_in(format));
            let Ok((model, _)) = compiled.map_err(|failure| assert_eq!(failure.render_short(), "")) else { continue };
            assert_eq!((model.id.as_str(), model.title.as_str()), (format.id, format.title));
            assert_eq!(model.files.len(), format.files.len());
        }
    }
}
