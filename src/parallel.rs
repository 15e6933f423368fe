//! The one place that knows about threads.
//!
//! Work is cut into chunks whose size depends on the input only, never on the number of threads; results come back
//! in the order of the chunks, and sums are taken in that order. So a result has the same bits on one thread
//! or sixteen, natively or in a browser. Without the feature `threads` the same functions run in a plain loop.

use std::ops::Range;
use std::sync::Mutex;

#[cfg(feature = "threads")]
use rayon::prelude::*;

/// Calls `f` once for each number below `n`, in any order. Not generic on purpose: every generic use of rayon brings all of
/// its machinery along once more, and all of them together made a third of what the page had to load.
fn for_each_below(n: usize, f: &(dyn Fn(usize) + Sync)) {
    #[cfg(feature = "threads")]
    if n > 1 {
        return (0..n).into_par_iter().for_each(f);
    }
    (0..n).for_each(f);
}

/// `f` of each number below `n`, in their order. Once for all uses with results of one type, for the same reason.
#[inline(never)]
fn map_below<T: Send>(n: usize, f: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
    // Each slot is locked once to fill it, and nobody waits for it.
    let slots: Vec<Mutex<Option<T>>> = (0..n).map(|_| Mutex::new(None)).collect();
    for_each_below(n, &|at| {
        let value = f(at);
        if let Ok(mut slot) = slots[at].lock() {
            *slot = Some(value);
        }
    });
    taken(slots)
}

/// `f` of each chunk of `0..n`, `chunk` long each, the last one shorter; in order of the chunks.
pub fn map_chunks<T: Send>(n: usize, chunk: usize, f: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let chunk = chunk.max(1);
    map_below(n.div_ceil(chunk), &|c| f(c * chunk..n.min((c + 1) * chunk)))
}

/// The sum of `f` over the chunks of `0..n`, added in order of the chunks.
pub fn sum_chunks(n: usize, chunk: usize, f: impl Fn(Range<usize>) -> f64 + Sync) -> f64 {
    map_chunks(n, chunk, f).into_iter().sum()
}

/// Calls `f(start, part)` for each part of `data`, `chunk` elements long (the last one shorter), where `start` is
/// the index of the part's first element.
pub fn for_each_part<T: Send>(data: &mut [T], chunk: usize, f: impl Fn(usize, &mut [T]) + Sync) {
    with_parts(data, chunk, &f);
}

/// Once for all uses with data of one type.
#[inline(never)]
fn with_parts<T: Send>(data: &mut [T], chunk: usize, f: &(dyn Fn(usize, &mut [T]) + Sync)) {
    let chunk = chunk.max(1);
    // Each part is locked once, and nobody waits for it.
    let parts: Vec<Mutex<&mut [T]>> = data.chunks_mut(chunk).map(Mutex::new).collect();
    for_each_below(parts.len(), &|c| {
        if let Ok(mut part) = parts[c].lock() {
            f(c * chunk, &mut part);
        }
    });
}

/// As [`for_each_part`], and returns what `f` returns, in order of the parts.
pub fn map_parts<T: Send, R: Send>(
    data: &mut [T],
    chunk: usize,
    f: impl Fn(usize, &mut [T]) -> R + Sync,
) -> Vec<R> {
    results_of_parts(data, chunk, &f)
}

/// Once for all uses with data and results of the same types.
#[inline(never)]
fn results_of_parts<T: Send, R: Send>(
    data: &mut [T],
    chunk: usize,
    f: &(dyn Fn(usize, &mut [T]) -> R + Sync),
) -> Vec<R> {
    let chunk = chunk.max(1);
    let results: Vec<Mutex<Option<R>>> = (0..data.len().div_ceil(chunk)).map(|_| Mutex::new(None)).collect();
    with_parts(data, chunk, &|start, part| {
        let result = f(start, part);
        if let Ok(mut slot) = results[start / chunk].lock() {
            *slot = Some(result);
        }
    });
    taken(results)
}

/// What the slots hold, in their order.
fn taken<T>(slots: Vec<Mutex<Option<T>>>) -> Vec<T> {
    slots.into_iter().filter_map(|slot| slot.into_inner().unwrap_or_default()).collect()
}

/// Number of threads that work is shared among.
pub fn threads() -> usize {
    #[cfg(feature = "threads")]
    return rayon::current_num_threads();
    #[cfg(not(feature = "threads"))]
    1
}

/// Uses `threads` threads from here on; 0 means all cores. Natively only, and before any other work: later calls
/// change nothing. A browser's threads are started by the page (`initThreadPool`).
#[cfg(not(target_arch = "wasm32"))]
pub fn set_threads(threads: usize) {
    #[cfg(feature = "threads")]
    {
        // An error means that the pool runs already, which is what the documentation promises.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
    #[cfg(not(feature = "threads"))]
    let _ = threads;
}

/// Runs `f` with exactly `threads` threads: how tests compare thread counts in one process.
#[cfg(not(target_arch = "wasm32"))]
pub fn with_threads<T: Send>(threads: usize, f: impl FnOnce() -> T + Send) -> T {
    #[cfg(feature = "threads")]
    if let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        return pool.install(f);
    }
    let _ = threads;
    f()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_in_order() {
        for n in [0, 1, 7, 8, 9, 100] {
            let all: Vec<usize> = map_chunks(n, 8, |r| r.collect::<Vec<_>>()).concat();
            assert_eq!(all, (0..n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn parts_know_where_they_start() {
        let mut data = vec![0usize; 100];
        for_each_part(&mut data, 7, |start, part| {
            for (i, x) in part.iter_mut().enumerate() {
                *x = start + i;
            }
        });
        assert_eq!(data, (0..100).collect::<Vec<_>>());
    }

    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn sums_have_the_same_bits_for_any_number_of_threads() {
        let f = |r: Range<usize>| r.map(|i| 1.0 / (i as f64 + 0.1)).sum::<f64>();
        let one = with_threads(1, || sum_chunks(10_000, 64, f));
        for threads in [2, 3, 4] {
            assert_eq!(with_threads(threads, || sum_chunks(10_000, 64, f)).to_bits(), one.to_bits());
        }
    }
}
