//! The tests of a format: its examples, its layout, both laws, noise. Each is a call of the harness, which does the work;
//! the module under test is called `spec`.

use super::ctx::{Ctx, class};
use super::inputs;
use super::names::{ident, snake};
use super::rules::names_used;
use super::{docs, literals, module, rust_type};
use crate::model::{Example, ExampleBytes, ExampleResult, Format, ParamTy, Type, TypeId};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// What tests may need of the runtime, by name.
const RUNTIME: &[&str] = &["Class", "Endian", "Guid", "Uuid"];

/// The tokens of a format's tests.
#[must_use]
pub fn emit(format: &Format) -> TokenStream {
    let ctx = Ctx::new(format);
    let mut names = Names::default();
    // Whether a type has a pull reader is only known once that is emitted, which each example need not do again.
    let pulled: BTreeSet<TypeId> =
        (0..format.types.len()).map(TypeId).filter(|id| super::pull::has_reader(&ctx, *id)).collect();
    let pulls = |e: &Example| pulled.contains(&e.of).then(|| pulls(&ctx, e));
    let examples: Vec<_> =
        format.examples.iter().map(|e| example(&ctx, e, &names.test(&e.name), pulls(e).as_ref())).collect();
    let layouts = layouts(&ctx, &names.test("layout"));
    let alone = module::order(format).into_iter().filter(|id| stands_alone(format.ty(*id)));
    let laws: Vec<_> = alone.map(|id| laws(&ctx, id, &mut names)).collect();
    let noise: Vec<_> = roots(format).map(|id| noise(&ctx, id, &mut names)).collect();
    let body = quote!(#(#examples)* #layouts #(#laws)* #(#noise)*);
    let (doc, imports) = (docs::inner(&format!("Tests: {}", format.title), None, &[]), imports(&ctx, &body));
    literals::grouped(quote!(#doc #imports #body))
}

/// Names of tests, each of them once.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn test(&mut self, wanted: &str) -> Ident {
        let base = snake(wanted);
        let numbered = (2_u32..).map(|n| format!("{base}_{n}"));
        let mut free = std::iter::once(base.clone()).chain(numbered).filter(|name| !self.0.contains(name));
        let name = free.next().unwrap_or_default();
        self.0.insert(name.clone());
        ident(&name)
    }
}

fn imports(ctx: &Ctx<'_>, body: &TokenStream) -> TokenStream {
    let format = ctx.format;
    let types = (0..format.types.len()).map(TypeId).map(|id| rust_type::of_type(ctx, id, true));
    let args = format.types.iter().filter(|t| !t.params.is_empty()).map(|t| format_ident!("{}Args", t.rust));
    let choices = format.enums.iter().map(|e| &e.rust).chain(format.flags.iter().map(|f| &f.rust));
    let readers = format.types.iter().map(|t| format_ident!("{}Reader", t.rust));
    let given = std::iter::once(format_ident!("Inputs"));
    let all = types.chain(args).chain(choices.map(|name| ident(name))).chain(readers).chain(given);
    let mut names = BTreeSet::new();
    names_used(body.clone(), &mut names);
    let used: BTreeSet<Ident> = all.filter(|name| names.contains(&name.to_string())).collect();
    let used = used.iter();
    let runtime: Vec<Ident> = RUNTIME.iter().filter(|n| names.contains(**n)).map(|n| format_ident!("{n}")).collect();
    quote! {
        use spec::{#(#used),*};
        use vmspec_generated_tests as harness;
        use vmspec_runtime::{#(#runtime),*};
    }
}

/// What is written in it, and what that means.
fn example(ctx: &Ctx<'_>, example: &Example, name: &Ident, pulls: Option<&TokenStream>) -> TokenStream {
    let (ty, order) = (rust_type::of_type(ctx, example.of, true), rust_type::order(example.big));
    let (bytes, args) = (bytes(example), args(ctx, example));
    let check = match &example.expected {
        ExampleResult::Value(_) => {
            let expected = raw(&expected(ctx, example));
            quote! {
                let expected = #expected;
                harness::accepts::<#ty>(&bytes, #order, #args, expected);
            }
        }
        ExampleResult::Error { path, class: of } => {
            let of = class(*of);
            quote!(harness::rejects::<#ty>(&bytes, #order, #args, #path, #of);)
        }
    };
    let interprets = interprets(&ty, &order, example, &args);
    let nests = is_free(ctx.format, example.of).then(|| quote!(harness::nests::<#ty>(&bytes, #order);));
    quote! {
        #[test]
        fn #name() {
            let bytes = #bytes;
            #check
            #interprets
            #nests
            #pulls
        }
    }
}

/// The interpreter against generated code.
fn interprets(ty: &Ident, order: &TokenStream, example: &Example, args: &TokenStream) -> TokenStream {
    let name = &example.name;
    quote!(harness::interprets::<#ty>(spec::SPEC, #name, &bytes, #order, #args);)
}

/// The pull reader against the whole value.
fn pulls(ctx: &Ctx<'_>, example: &Example) -> TokenStream {
    let (ty, order) = (rust_type::of_type(ctx, example.of, true), rust_type::order(example.big));
    let (reader, args) = (format_ident!("{}Reader", ctx.ty(example.of).rust), args(ctx, example));
    let given = (!ctx.ty(example.of).has_own_order()).then(|| quote!(, #order));
    let root = ctx.ty(example.of);
    if root.params.is_empty() && given.is_none() {
        return quote!(harness::pulls::<#ty, _>(&bytes, #order, #args, #reader::new););
    }
    let of = (!root.params.is_empty()).then(|| quote!(, *args));
    let new = if !root.params.is_empty() && root.stands_alone() { quote!(with_args) } else { quote!(new) };
    quote! {
        let args = #args;
        harness::pulls::<#ty, _>(&bytes, #order, args, |from| #reader::#new(from #given #of));
    }
}

fn bytes(example: &Example) -> TokenStream {
    match &example.bytes {
        ExampleBytes::Hex(bytes) => {
            let digits: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
            let digits = digits.concat();
            quote!(harness::hex(#digits))
        }
        ExampleBytes::Sample(path) => quote!(harness::sample(#path)),
    }
}

/// The arguments; types of the format stand without a path.
fn args(ctx: &Ctx<'_>, example: &Example) -> TokenStream {
    let params = &ctx.ty(example.of).params;
    if params.is_empty() {
        return quote!(&());
    }
    let name = format_ident!("{}Args", ctx.ty(example.of).rust);
    let fields = params.iter().zip(&example.with).map(|(param, given)| {
        let (param, given) = (ident(&param.rust), inputs::value(ctx, given));
        quote!(#param: #given)
    });
    let handed = params.iter().filter_map(|param| match param.ty {
        ParamTy::Inputs => {
            let inputs = inputs::with(ctx, &example.inputs);
            Some(quote!(inputs: #inputs))
        }
        ParamTy::Externs => {
            let externs = externs(ctx);
            Some(quote!(externs: #externs))
        }
        _ => None,
    });
    let fields = fields.chain(handed);
    quote!(&#name { #(#fields),* })
}

/// The code by hand that the harness has for a format: `Externs` of a module that is called like it.
fn externs(ctx: &Ctx<'_>) -> TokenStream {
    let module = ident(&ctx.format.id);
    quote!(&harness::externs::#module::Externs)
}

/// The expected value as JSON. Of a type that is driven from outside it may be the value alone.
fn expected(ctx: &Ctx<'_>, example: &Example) -> String {
    let ty = ctx.ty(example.of);
    let json = example.json().unwrap_or_default();
    if ty.is_driven_outside() && !example.says("driven") {
        return format!("{{\"{}\": {json}}}", snake(&ty.rust));
    }
    json
}

/// Text as a literal without escapes.
fn raw(text: &str) -> Literal {
    let plain = Literal::string(text);
    if !text.contains('"') {
        return plain;
    }
    let mut hashes = String::from("#");
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}").parse().unwrap_or(plain)
}

fn layouts(ctx: &Ctx<'_>, name: &Ident) -> TokenStream {
    let types = module::order(ctx.format).into_iter().map(|id| rust_type::of_type(ctx, id, true));
    quote! {
        #[test]
        fn #name() {
            let tables = [#(harness::layout::<#types>()),*];
            insta::assert_snapshot!(tables.join("\n"));
        }
    }
}

/// Whether examples can be of a type: not of an inline one, and not of what the subsections of a state are made of.
fn stands_alone(ty: &Type) -> bool {
    ty.outer.is_none() && !ty.name.contains('.')
}

/// Both laws, on values that nobody thought of and on values near those of examples. A type with params is tried with the
/// arguments of its examples.
fn laws(ctx: &Ctx<'_>, id: TypeId, names: &mut Names) -> TokenStream {
    let ty = rust_type::of_type(ctx, id, true);
    let examples: Vec<&Example> = ctx.format.examples.iter().filter(|e| e.of == id && e.json().is_some()).collect();
    let calls: Vec<TokenStream> = if ctx.ty(id).params.is_empty() {
        orders(ctx, id).iter().map(|big| laws_in(ctx, (id, *big), &examples)).collect()
    } else {
        // Bytes that nobody looked at are not as long as an extern tells.
        let laws = format_ident!("{}", if ctx.ty(id).asks_externs() { "laws_of_read" } else { "laws" });
        let call = |e: &&Example| {
            let (order, args, seed) = (rust_type::order(e.big), args(ctx, e), bytes(e));
            quote!(harness::#laws::<#ty>(#order, #args, &[#seed]);)
        };
        examples.iter().map(call).collect()
    };
    if calls.is_empty() {
        return TokenStream::new();
    }
    let name = names.test(&format!("laws of {}", ctx.ty(id).name));
    quote! {
        #[test]
        fn #name() { #(#calls)* }
    }
}

/// Both laws in one byte order, of a type without params.
fn laws_in(ctx: &Ctx<'_>, what: (TypeId, bool), examples: &[&Example]) -> TokenStream {
    let ((id, big), own) = (what, ctx.ty(what.0).has_own_order());
    let (ty, order) = (rust_type::of_type(ctx, id, true), rust_type::order(big));
    let seeds = examples.iter().filter(|e| own || e.big == big).map(|e| bytes(e));
    quote! {
        let seeds = [#(#seeds),*];
        harness::laws::<#ty>(#order, &(), &seeds);
    }
}

fn noise(ctx: &Ctx<'_>, id: TypeId, names: &mut Names) -> TokenStream {
    let (name, ty) = (names.test(&format!("noise as {}", ctx.ty(id).name)), rust_type::of_type(ctx, id, true));
    let mut magics = module::magics(ctx, id);
    if magics.is_empty() {
        magics.push(Literal::byte_string(b""));
    }
    let calls = orders(ctx, id).iter().flat_map(|big| {
        let order = rust_type::order(*big);
        let args = noise_args(ctx, id);
        let call = |magic: &Literal| quote!(harness::noise::<#ty>(#magic, #order, #args););
        magics.iter().map(call).collect::<Vec<_>>()
    });
    quote! {
        #[test]
        fn #name() { #(#calls)* }
    }
}

/// The arguments that noise is read with.
fn noise_args(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    if ty.params.is_empty() {
        return quote!(&());
    }
    let name = format_ident!("{}Args", ty.rust);
    if ty.asks_externs() {
        let (externs, more) = (externs(ctx), (ty.params.len() > 1).then(|| quote!(, ..#name::default())));
        return quote!(&#name { externs: #externs #more });
    }
    quote!(&#name::default())
}

/// The byte orders to try a type in.
fn orders(ctx: &Ctx<'_>, id: TypeId) -> &'static [bool] {
    if ctx.ty(id).has_own_order() { &[false] } else { &[false, true] }
}

/// Whether it is a named type without params.
fn is_free(format: &Format, id: TypeId) -> bool {
    let ty = format.ty(id);
    ty.outer.is_none() && ty.params.is_empty()
}

fn roots(format: &Format) -> impl Iterator<Item = TypeId> {
    let roots = std::iter::once(format.root).chain(format.roots.iter().copied());
    roots.filter(|id| format.ty(*id).outer.is_none() && format.ty(*id).stands_alone())
}
