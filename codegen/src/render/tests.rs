//! Rendered text, compared as a whole.

use proc_macro2::TokenStream;
use quote::quote;

use super::file;

fn text(tokens: TokenStream) -> String {
    file(tokens, "// Generated.").unwrap_or_else(|error| error.to_string())
}

#[test]
fn puts_blank_lines_between_items_and_methods() {
    let tokens = quote! {
        #![doc = " A file."]
        use a::b;
        use c::d;
        #[doc = " S."]
        pub struct S;
        impl<T> S<T> where T: Copy {
            pub const A: u8 = 1;
            pub const B: u8 = 2;
            fn a() {}
            #[doc = " B."]
            fn b() { let x = 1; y(x) }
        }
    };
    let expected = "// Generated.\n\n//! A file.\n\nuse a::b;\nuse c::d;\n\n/// S.\npub struct S;\n\nimpl<T> S<T>\nwhere\n    T: Copy,\n{\n    \
        pub const A: u8 = 1;\n    pub const B: u8 = 2;\n\n    fn a() {}\n\n    /// B.\n    fn b() {\n        let x = 1;\n        y(x)\n    }\n}\n";
    assert_eq!(text(tokens), expected);
}

#[test]
fn keeps_tables_on_lines() {
    let tokens = quote! {
        impl_binrw!(Image, args: (), order: EndianKind::Runtime);
        mod rule {
            use super::Rule;
            pub(super) static A: Rule = Rule::new("cookie", 38, Class::Invalid, "an offset right after xml, (and, more, )");
            pub(super) static B: &[&str] = &["an offset right after xml", "an offset right after xml", "another"];
        }
    };
    let expected = "// Generated.\n\nimpl_binrw!(Image, args: (), order: EndianKind::Runtime);\n\nmod rule {\n    use super::Rule;\n\n    \
        pub(super) static A: Rule = Rule::new(\"cookie\", 38, Class::Invalid, \"an offset right after xml, (and, more, )\");\n    \
        pub(super) static B: &[&str] = &[\"an offset right after xml\", \"an offset right after xml\", \"another\"];\n}\n";
    assert_eq!(text(tokens), expected);
}

#[test]
fn gives_the_same_text_for_its_own() {
    let once = text(quote!(impl A { fn a() {} fn b() {} } mod m { fn a() {} fn b() {} }));
    let tokens: Result<TokenStream, _> = once.parse();
    assert_eq!(tokens.map(text).unwrap_or_default(), once);
}

#[test]
fn names_the_place_of_a_mistake() {
    let error = text(quote!(pub enum Kind { A } impl Kind { fn } struct S;));
    assert!(error.contains(", after `enum Kind`, at `impl Kind { fn }"), "{error}");
    let error = text(quote!(1 + 1));
    assert!(error.contains(", at the start, at `1 + 1`"), "{error}");
}

#[test]
fn takes_nothing() {
    assert_eq!(text(TokenStream::new()), "// Generated.\n");
}
