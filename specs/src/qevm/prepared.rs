//! A stream as one of the formats: its description is looked for first.

use super::schema::Schema;
use super::{Stream, StreamArgs, description, devices::Devices};
use crate::Error;
use crate::format::{self, Inputs, Prepare, ReadSeek};

/// Finds the description of a stream, which tells the size of pages and how long states are.
#[derive(Clone, Copy, Debug)]
pub struct Prepared;

impl Prepare<Stream> for Prepared {
    fn prepared<R>(
        reader: &mut dyn ReadSeek,
        offset: u64,
        inputs: Inputs<'_>,
        then: impl FnOnce(&mut dyn ReadSeek, StreamArgs<'_>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let json = description::find(reader, offset)?.unwrap_or_default();
        let schema = Schema::parse(&json).unwrap_or_default();
        let devices = Devices::described_by(&schema);
        let mut args = StreamArgs { inputs: description::inputs(&schema), externs: &devices };
        format::set(&mut args, inputs)?;
        then(reader, args)
    }
}
