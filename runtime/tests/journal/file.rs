//! Files as storages.

use std::fs::File;
use vmspec_runtime::Class;
use vmspec_runtime::journal::{Storage, StorageMut};

fn file() -> File {
    tempfile::tempfile().unwrap()
}

#[test]
fn a_file_is_read_and_written_at_offsets() {
    let mut file = file();
    file.write_at(5, &[1, 2, 3]).unwrap();
    let mut all = [9; 8];
    file.read_at(0, &mut all).unwrap();
    assert_eq!((all, file.len().unwrap()), ([0, 0, 0, 0, 0, 1, 2, 3], 8));
    let short = file.read_at(1, &mut all).map_err(|e| (e.class(), e.offset()));
    assert_eq!(short, Err((Class::Truncated, Some(1))));
    StorageMut::set_len(&mut file, 6).unwrap();
    file.flush().unwrap();
    assert_eq!((file.len().unwrap(), Storage::is_empty(&mut file).unwrap()), (6, false));
    assert_eq!(StorageMut::set_len(&mut file, u64::MAX).map_err(|e| e.class()), Err(Class::Io));
}

#[test]
fn zeros_leave_the_length_and_the_neighbours_alone() {
    let mut file = file();
    file.write_at(0, &vec![7; 300 << 10]).unwrap();
    file.write_zeros(1000, 200 << 10).unwrap();
    let mut all = vec![1; 300 << 10];
    file.read_at(0, &mut all).unwrap();
    let end = 1000 + (200 << 10);
    assert!(all[..1000].iter().chain(&all[end..]).all(|b| *b == 7));
    assert!(all[1000..end].iter().all(|b| *b == 0));
    assert_eq!(file.len().unwrap(), 300 << 10);
}

#[cfg(target_os = "linux")]
#[test]
fn zeros_are_a_hole() {
    use std::os::unix::fs::MetadataExt;
    let mut file = file();
    file.write_at(0, &vec![7; 4 << 20]).unwrap();
    file.flush().unwrap();
    let full = file.metadata().unwrap().blocks();
    file.write_zeros(0, 4 << 20).unwrap();
    file.flush().unwrap();
    assert!(file.metadata().unwrap().blocks() < full / 2);
}
