//! What a format has beside its types: constants, inputs, state, code by hand.

use super::markdown::{Table, blocks, code, line, sources};
use super::places::Places;
use crate::model::{Argument, Cell, CellKind};

impl Places<'_> {
    /// Tables of all of these, each under a heading.
    #[must_use]
    pub fn given(&self) -> String {
        let under = |title: &str, table: String| {
            if table.is_empty() { String::new() } else { format!("## {title}\n\n{table}") }
        };
        blocks([
            under("Constants", self.constants()),
            under("Inputs", self.inputs()),
            under("State", self.state()),
            under("Code by hand", self.externs()),
        ])
    }

    fn constants(&self) -> String {
        let mut table = Table::new(["Name", "Value", "Meaning", "Source"]);
        for constant in &self.format.consts {
            let (name, value) = (code(&constant.name), code(&constant.text));
            table.row([name, value, line(constant.doc.as_deref()), sources(&constant.refs)]);
        }
        table.text()
    }

    fn inputs(&self) -> String {
        let mut table = Table::new(["Name", "Type", "First", "Meaning"]);
        for input in &self.format.inputs {
            let (name, first) = (code(&input.param.name), code(&self.argument(&input.init)));
            table.row([name, self.param(&input.param), first, line(input.param.doc.as_deref())]);
        }
        table.text()
    }

    fn state(&self) -> String {
        let mut table = Table::new(["Name", "For each", "Holds", "Meaning"]);
        for scope in &self.format.scopes {
            for cell in &scope.cells {
                let per = self.type_link(scope.per);
                table.row([code(&cell.name), per, self.holds(cell), line(cell.doc.as_deref())]);
            }
        }
        table.text()
    }

    /// What a cell holds.
    fn holds(&self, cell: &Cell) -> String {
        let columns: Vec<String> =
            cell.columns().iter().map(|c| format!("{}: {}", code(&c.name), self.param(c))).collect();
        let key = cell.key().map(|key| self.param(key)).unwrap_or_default();
        let max = cell.max().unwrap_or_default();
        match &cell.kind {
            CellKind::Value(param, None) => self.param(param),
            CellKind::Value(param, Some(init)) => format!("{}, first {}", self.param(param), code(&init.text)),
            CellKind::Row(..) => columns.join(", "),
            CellKind::Set(..) => format!("a set of {key}, at most {max}"),
            CellKind::Table(_) => format!("for each {key}, at most {max}: {}", columns.join(", ")),
        }
    }

    fn externs(&self) -> String {
        let mut table = Table::new(["Name", "Asked with", "Tells", "Meaning"]);
        for item in &self.format.externs {
            let asked: Vec<String> =
                item.params.iter().map(|p| format!("{}: {}", code(&p.name), self.param(p))).collect();
            table.row([code(&item.name), asked.join(", "), "a length".to_owned(), line(item.doc.as_deref())]);
        }
        table.text()
    }

    /// A value that somebody gave.
    #[must_use]
    pub fn argument(&self, argument: &Argument) -> String {
        match argument {
            Argument::Int(n) => n.to_string(),
            Argument::Bool(b) => b.to_string(),
            Argument::Enum(id, i) => self.format.enum_(*id).values.get(*i).map(|v| v.name.clone()).unwrap_or_default(),
            Argument::Flags(_, bits) => format!("{bits:#x}"),
            Argument::Guid(_, bytes) => crate::interpret::guid_text(bytes, false),
            Argument::Text(bytes) => super::kind::bytes_text(bytes),
        }
    }
}
