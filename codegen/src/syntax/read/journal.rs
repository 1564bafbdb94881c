//! `journal`: a ring of entries, and what they do.

use super::Reader;
use super::cursor::Mapping;
use super::keys::{APPLY, JOURNAL};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{ApplyDecl, JournalDecl};
use crate::syntax::yaml::Node;

impl Reader<'_> {
    pub(super) fn journal(&mut self, node: &Node, owner: Span) -> Option<JournalDecl> {
        let map = self.mapping(node, &JOURNAL, owner)?;
        let key = |r: &mut Self, key: &str| r.expr_at(&map, key);
        let (at, size, stride) = (key(self, "at"), key(self, "size"), key(self, "stride"));
        let (live, accept, follows) = (key(self, "live"), key(self, "accept"), key(self, "follows"));
        let (newest, tail, grow) = (key(self, "newest"), key(self, "tail"), key(self, "grow"));
        let entry = self.reference_at(&map, "entry");
        let (require, apply) = (self.rules_at(&map, "require"), self.apply(&map));
        Some(JournalDecl {
            at: at?,
            size: size?,
            stride: stride?,
            entry: entry?,
            live: live?,
            accept: accept?,
            follows: follows?,
            newest: newest?,
            tail: tail?,
            require,
            grow,
            apply: apply?,
        })
    }

    fn apply(&mut self, journal: &Mapping<'_>) -> Option<ApplyDecl> {
        let span = journal.key_span("apply")?;
        let map = self.mapping(journal.get("apply")?, &APPLY, span)?;
        let (list, at) = (self.reference_at(&map, "list"), self.expr_at(&map, "at"));
        let (zeros, bytes) = (self.expr_at(&map, "zeros"), self.exprs_at(&map, "bytes"));
        if !map.has("zeros") && !map.has("bytes") {
            let message = "`apply` with neither `zeros` nor `bytes`";
            let d = Diagnostic::new(Code::MissingKey, message, span, "what goes there?");
            self.report(d.hint("`bytes` are parts of the entry, `zeros` a number"));
            return None;
        }
        Some(ApplyDecl { list: list?, at: at?, zeros, bytes, span })
    }
}
