//! Prints the Rust of a spec.
fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let source = vmspec_codegen::source::Source::file(&path, std::path::Path::new(&path).parent().unwrap());
    match vmspec_codegen::generate(&source) {
        Ok(generated) => println!("{}", generated.rust),
        Err(failure) => print!("{}", failure.render(vmspec_codegen::diagnostic::Style::Plain)),
    }
}
