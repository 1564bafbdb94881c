//! Files that the system holds in memory.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

/// A file without a name that holds some bytes.
pub fn holding(bytes: &[u8]) -> Arc<File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    Arc::new(file)
}
