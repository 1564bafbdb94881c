//! Bytes that are as many as code by hand tells.

use super::{Reader, Result};
use crate::interpret::eval::{Frame, Uncomputed};
use crate::interpret::externs::Asked;
use crate::interpret::trace::Aspect;
use crate::interpret::tree::{Record, Value};
use crate::model::{Expr, Field, Param, Told};

impl<'m> Reader<'m> {
    /// The bytes, passed over.
    pub(super) fn told(&mut self, frame: Frame<'_>, field: &Field, told: &'m Told, record: &Record) -> Result<Value> {
        let of = told.by.of(&self.format.externs);
        let env = self.env(frame, record);
        let given = |(param, e): (&'m Param, &'m Expr)| {
            let value = env.argument(param, e).map_err(|_| self.uncomputed(e)(Uncomputed))?;
            Ok((param.name.as_str(), value.detached()))
        };
        let args = of.params.iter().zip(&told.args).map(given).collect::<Result<Vec<_>>>()?;
        let start = self.position;
        let end = self.limit.unwrap_or(u64::MAX).min(self.bytes.size());
        let asked = Asked { name: &of.name, args, in_window: self.limit.is_some(), bytes: self.bytes, start, end };
        let length = self.externs.length(&asked);
        self.saw(Aspect::Told, field, length.is_ok());
        let n = length.map_err(|untold| {
            self.stop(start.saturating_add(untold.at), untold.class, untold.expected, untold.found)
        })?;
        self.saw_max(field, n, field.max);
        self.check_max(n, field.max)?;
        self.blob(n)
    }
}
