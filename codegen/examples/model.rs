//! Prints the model of a spec.
fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let source = vmspec_codegen::source::Source::file(&path, "specs");
    match vmspec_codegen::compile(&source) {
        Ok((format, _)) => println!("{format:#?}"),
        Err(failure) => print!("{}", failure.render(vmspec_codegen::diagnostic::Style::Plain)),
    }
}
