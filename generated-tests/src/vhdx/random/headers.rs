//! Headers of other kinds, and files that are shorter or longer than their log knows.

use super::{Case, LOG_LENGTH};
use crate::vhdx::image::{self, Header};
use crate::vhdx::oracle::HEADERS;

impl Case {
    /// Writes other headers.
    pub(super) fn change_headers(&mut self) {
        let current = Header::dirty(8, LOG_LENGTH);
        let closed = Header { sequence: 7, log_guid: [0; 16], ..current };
        let newest = Header { sequence: u64::MAX - 4, ..current };
        let other_log = Header { log_guid: [0xaa; 16], ..current };
        let (no_log, at_start) = (Header { log_length: 0, ..current }, Header { log_offset: 0, ..current });
        let pairs = [
            [Some(current), Some(closed)],
            [Some(current), None],
            [None, Some(current)],
            [Some(closed), None],
            [None, None],
            [Some(current); 2],
            [Some(closed); 2],
            [Some(current), Some(Header { sequence: 8, ..closed })],
            [Some(closed), Some(newest)],
            [Some(Header { sequence: 1, ..closed }), Some(other_log)],
            [None, Some(no_log)],
            [None, Some(Header { log_length: 0, log_offset: 0, ..closed })],
            [None, Some(at_start)],
            [None, Some(Header { log_offset: image::LOG_AT + 4096, ..current })],
            [None, Some(Header { log_length: LOG_LENGTH + 4096, ..current })],
            [None, Some(Header { log_offset: 1 << 62, ..current })],
            [None, Some(Header { log_offset: u64::MAX << 20, ..current })],
            [None, Some(Header { log_version: 1, ..current })],
            [None, Some(Header { log_version: 1, ..closed })],
            [None, Some(Header { version: 2, ..current })],
        ];
        let pair = self.random.pick(&pairs);
        for (at, header) in HEADERS.into_iter().zip(pair) {
            // One that is torn still has its signature.
            let bytes = header.map_or(b"head".to_vec(), |it| it.bytes());
            self.file.put(at, &[bytes, vec![0; 4096]].concat()[..4096]);
        }
        self.note(format!("headers {pair:?}"));
    }

    /// Cuts the file, or makes it longer.
    pub(super) fn change_length(&mut self) {
        let log_end = image::LOG_AT + u64::from(LOG_LENGTH);
        let now = self.file.length();
        let lengths =
            [log_end - 1, log_end, log_end + 4097, now - 1, now - (1 << 20), now + 1, now + (1 << 20), 192 << 10, 100];
        let length = self.random.pick(&lengths);
        self.file.resize(length);
        self.note(format!("length {length:#x}"));
    }
}
