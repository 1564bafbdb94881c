//! Many cases of a test, side by side.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Looks at each of these, on as many threads as there are processors. Fails when one of them does.
///
/// # Panics
/// When `see` does.
pub fn in_parallel<T: Sync>(all: &[T], see: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(it) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            see(it);
        }
    };
    thread::scope(|scope| {
        for _ in 1..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
        work();
    });
}
