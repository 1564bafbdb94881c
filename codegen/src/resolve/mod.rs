//! From what was written to what it means. Passes in order; each says what holds after it.

mod ahead;
mod asides;
mod bits;
mod chain;
mod choices;
mod consts;
mod copies;
mod draft;
mod driven;
mod each;
mod even_cases;
mod exact;
mod examples;
mod expr;
mod exprs;
mod extend;
mod fields;
mod functions;
mod given;
mod greed;
mod journal;
mod lending;
mod lets;
mod loops;
mod marked;
mod names;
mod offsets;
mod operators;
mod order;
mod phrase;
mod range;
mod remember;
mod room;
mod rules;
mod scope;
mod settled;
mod shape;
mod sizes;
mod stable;
mod state;
mod types;
mod unions;
mod windows;
mod written;

pub(crate) use ahead::{ahead_of, list_ahead, looks_ahead, split};
pub(crate) use copies::whole_size;
pub(crate) use exact::{exact_offset, exact_size};
pub(crate) use exprs::{early, exprs, late, type_exprs};
pub(crate) use greed::{content_greed, field_greed};
pub(crate) use lending::{Cells, changes, looked_up, remembered};
pub(crate) use marked::{head_fields, is_marked, mark};
pub(crate) use phrase::{at_most, same_row};
pub(crate) use rules::{fields_of, names_state, names_this, walk};
pub(crate) use settled::{measured_by, settled};
pub(crate) use sizes::{constant, content_size, fields, inner_size, struct_size};
pub(crate) use stable::until_stable;
pub(crate) use written::Entry;
pub use written::Written;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::model::{Enum, EnumId, Flags, FlagsId, Format, Param, Site, TypeId};
use crate::source::{FileId, Sources, Span, Spanned};
use crate::syntax::ast::{ExternDecl, InputDecl, SpecFile};
use draft::Draft;
use names::Names;
use std::collections::{BTreeMap, BTreeSet};

/// What a spec means and where its parts are written, unless something is wrong with it.
pub fn resolve<'a>(
    files: &'a [SpecFile],
    sources: &'a Sources,
    diagnostics: &mut Diagnostics,
) -> Option<(Format, Written<'a>)> {
    let mut resolver = Resolver::new(files, sources, std::mem::take(diagnostics));
    let format = resolver.format();
    *diagnostics = std::mem::take(&mut resolver.out);
    Some((format?, resolver.written()))
}

/// The state of the passes.
pub(crate) struct Resolver<'a> {
    files: &'a [SpecFile],
    sources: &'a Sources,
    out: Diagnostics,
    names: Names,
    consts: BTreeMap<String, consts::Const>,
    enums: Vec<Enum>,
    flags: Vec<Flags>,
    drafts: Vec<Draft<'a>>,
    scopes: Vec<crate::model::Scope>,
    cells: BTreeMap<String, state::At>,
    inputs: Vec<(&'a InputDecl, Param)>,
    externs: Vec<(&'a ExternDecl, Vec<Param>)>,
    /// Names of declarations that failed: what names them has not to be reported too.
    lost: BTreeSet<String>,
    /// Whether something was left out before, so that what seems to be missing may not be.
    faulty: bool,
}

impl<'a> Resolver<'a> {
    fn new(files: &'a [SpecFile], sources: &'a Sources, out: Diagnostics) -> Self {
        let mut lost: BTreeSet<String> = files.iter().flat_map(|f| f.lost.iter().cloned()).collect();
        // A file that cannot be read, or not as YAML, may have declared anything.
        if out.iter().any(|d| d.code.as_str().starts_with(['F', 'Y'])) {
            lost.insert("*".to_owned());
        }
        let faulty = !out.is_empty();
        Self {
            files,
            sources,
            out,
            names: Names::default(),
            consts: BTreeMap::new(),
            enums: Vec::new(),
            flags: Vec::new(),
            drafts: Vec::new(),
            scopes: Vec::new(),
            cells: BTreeMap::new(),
            inputs: Vec::new(),
            externs: Vec::new(),
            lost,
            faulty,
        }
    }

    /// Whether a name that cannot be found belongs to a declaration that failed.
    fn is_lost(&self, name: &str) -> bool {
        self.lost.contains(name) || self.lost.contains("*")
    }

    /// Notes that the declaration of a name failed.
    fn lose(&mut self, name: &str) {
        self.lost.insert(name.to_owned());
    }

    fn format(&mut self) -> Option<Format> {
        self.later_keys();
        names::collect(self);
        // AFTER THIS POINT every global name is known, and none is there twice.
        choices::resolve(self);
        consts::resolve(self);
        // AFTER THIS POINT enums, flags and constants are in the model's form, but for `keep` conditions.
        given::collect(self);
        // AFTER THIS POINT every input and extern has its types.
        shape::resolve(self);
        // AFTER THIS POINT every type, inline ones included, has a draft whose fields know what they are.
        choices::conditions(self);
        state::collect(self);
        // AFTER THIS POINT every cell of the state has its type.
        let types = types::resolve(self);
        // AFTER THIS POINT every expression is typed, every captured name is a param.
        let (root, roots) = self.roots()?;
        if !self.out.is_empty() {
            return None;
        }
        let mut format = self.assemble(types, root, roots)?;
        given::finish(self, &mut format);
        state::lend(&mut format);
        given::hand_down(&mut format);
        // AFTER THIS POINT state, inputs and externs are handed to every type that needs them.
        asides::places(&mut format);
        // AFTER THIS POINT it is known which structs are read aside from.
        sizes::infer(&mut format);
        exact::drop_windows(&mut format);
        sizes::infer(&mut format);
        driven::infer(&mut format, self);
        sizes::infer(&mut format);
        sizes::without_filled_windows(&mut format);
        copies::infer(&mut format);
        loops::infer(&mut format);
        room::infer(&mut format);
        order::infer(&mut format);
        // AFTER THIS POINT the model is whole; nothing in it is for later.
        examples::resolve(self, &mut format);
        self.out.is_empty().then_some(format)
    }

    fn written(self) -> Written<'a> {
        let files = self.files;
        let consts = files.iter().flat_map(|f| &f.consts).map(|d| (d.name.value.as_str(), d.name.span));
        let enums = files.iter().flat_map(|f| &f.enums).map(|d| d.name.span);
        let flags = files.iter().flat_map(|f| &f.flags).map(|d| d.name.span);
        Written { drafts: self.drafts, consts: consts.collect(), choices: enums.chain(flags).collect() }
    }

    fn assemble(&mut self, types: Vec<crate::model::Type>, root: TypeId, roots: Vec<TypeId>) -> Option<Format> {
        let head = self.files.first().and_then(|f| f.format.as_ref())?;
        let text = |s: &Option<Spanned<String>>| s.as_ref().map(|s| s.value.clone());
        Some(Format {
            id: head.id.value.clone(),
            title: text(&head.title).unwrap_or_else(|| head.id.value.clone()),
            doc: text(&head.doc),
            refs: texts(&head.refs),
            files: self.files.iter().map(|f| self.sources.path(f.file).to_owned()).collect(),
            root,
            roots,
            consts: self.constants(),
            enums: std::mem::take(&mut self.enums),
            flags: std::mem::take(&mut self.flags),
            types,
            scopes: std::mem::take(&mut self.scopes),
            inputs: Vec::new(),
            externs: Vec::new(),
            examples: Vec::new(),
        })
    }

    fn roots(&mut self) -> Option<(TypeId, Vec<TypeId>)> {
        let main = self.files.first()?;
        let start = Span::new(main.file, 0..0);
        if self.faulty && (main.root.is_none() || main.format.is_none()) {
            return None;
        }
        let Some(root) = &main.root else {
            self.error(
                Code::NoFormat,
                "the spec does not say which type a file starts with",
                start,
                "add `root: TYPE`",
            );
            return None;
        };
        if main.format.is_none() {
            self.error(Code::NoFormat, "the spec does not say what it describes", start, "add `format: {id: ...}`");
            return None;
        }
        let more = main.roots.iter().filter_map(|r| self.type_named(r)).collect();
        Some((self.type_named(root)?, more))
    }

    fn type_named(&mut self, name: &Spanned<String>) -> Option<TypeId> {
        if let Some(id) = self.names.types.get(&name.value) {
            return Some(*id);
        }
        if self.is_lost(&name.value) {
            return None;
        }
        let hint = did_you_mean(&name.value, self.names.types.keys().map(String::as_str));
        let message = format!("unknown type `{}`", name.value);
        self.out.push(Diagnostic::new(Code::UnknownType, message, name.span, "no type of this name").maybe_hint(hint));
        None
    }

    /// Reports keys of the language that have no code behind them yet.
    fn later_keys(&mut self) {
        for key in self.files.iter().flat_map(|file| &file.later) {
            self.later_key(key);
        }
    }

    fn later_key(&mut self, key: &Spanned<String>) {
        let message = format!("`{}` is not generated yet", key.value);
        self.error(Code::NotGenerated, &message, key.span, "part of the language, without code behind it");
    }

    fn error(&mut self, code: Code, message: &str, span: Span, label: &str) {
        self.out.push(Diagnostic::new(code, message, span, label));
    }

    fn site(&self, span: Span) -> Site {
        let file = self.files.iter().position(|f| f.file == span.file).unwrap_or(0);
        let (line, _) = self.sources.line_col(span);
        Site { file, line: u32::try_from(line).unwrap_or(u32::MAX) }
    }

    fn enum_(&self, id: EnumId) -> &Enum {
        id.of(&self.enums)
    }

    fn flag_set(&self, id: FlagsId) -> &Flags {
        id.of(&self.flags)
    }

    fn draft(&self, id: TypeId) -> &Draft<'a> {
        id.of(&self.drafts)
    }

    fn draft_mut(&mut self, id: TypeId) -> &mut Draft<'a> {
        id.of_mut(&mut self.drafts)
    }

    fn file(&self, id: FileId) -> Option<&'a SpecFile> {
        self.files.iter().find(|f| f.file == id)
    }
}

/// The texts without their places.
fn texts(list: &[Spanned<String>]) -> Vec<String> {
    list.iter().map(|s| s.value.clone()).collect()
}

/// A text without its place.
fn text(of: Option<&Spanned<String>>) -> Option<String> {
    of.map(|s| s.value.clone())
}
