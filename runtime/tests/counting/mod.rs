//! An allocator that counts what each thread holds and how often it asks. The tests of the runtime and those of generated code share
//! it. A test program has it with
//!
//! ```
//! use vmspec_generated_tests::counting::{Counting, peak};
//!
//! #[global_allocator]
//! static ALLOCATOR: Counting = Counting;
//!
//! assert!(peak(|| drop(vec![0_u8; 100_000])).0 >= 100_000);
//! ```

#![allow(unsafe_code, reason = "an allocator cannot be without")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The allocator.
#[derive(Clone, Copy, Debug)]
pub struct Counting;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

/// Most bytes held at once by this thread while `run` runs, beyond those held before, and what came of it.
pub fn peak<T>(run: impl FnOnce() -> T) -> (usize, T) {
    let before = HELD.get();
    PEAK.set(before);
    let result = run();
    (PEAK.get().saturating_sub(before), result)
}

/// How often this thread asked for memory while `run` ran, and what came of it.
pub fn asked<T>(run: impl FnOnce() -> T) -> (usize, T) {
    let before = ASKED.get();
    let result = run();
    (ASKED.get().saturating_sub(before), result)
}

/// Counts nothing where a thread that ends has given its counters back.
fn taken(n: usize) {
    let Ok(held) = HELD.try_with(|held| held.replace(held.get().wrapping_add(n)).wrapping_add(n)) else { return };
    let _ = PEAK.try_with(|peak| peak.set(peak.get().max(held)));
    let _ = ASKED.try_with(|asked| asked.set(asked.get().wrapping_add(1)));
}

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        // SAFETY: the layout is the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        // SAFETY: the layout is the caller's.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        let _ = HELD.try_with(|held| held.set(held.get().saturating_sub(layout.size())));
        // SAFETY: the place and the layout are the caller's.
        unsafe { System.dealloc(at, layout) }
    }
}
