//! Moving: a layout under way, whatever moves its points, in the plane or in space.

use super::ProjectOptions;
use super::tsne::Tsne;
use super::umap::Umap;

/// What moves points, and where they stand.
pub trait Moving: Send + Sync {
    /// Epochs done; for t-SNE, iterations.
    fn done(&self) -> u32;
    /// Epochs in all.
    fn total(&self) -> u32;
    /// Goes on until epoch `until`.
    fn run(&mut self, until: u32);
    /// Does a piece of an epoch, or all of it where points are few.
    fn piece(&mut self);
    /// UMAP: leaves out the first half of the epochs.
    fn skip_to_middle(&mut self);
    /// Goes on by other options, if that is possible; else nothing is changed.
    fn change(&mut self, options: &ProjectOptions) -> bool;
    /// t-SNE's divergence now.
    fn divergence(&mut self) -> Option<f64>;
    /// Where the points stand, row-major.
    fn places(&self) -> &[f32];
}

/// The rows of `start`, row-major n x `D`.
fn rows<const D: usize>(start: &[f32]) -> Vec<[f32; D]> {
    start.as_chunks().0.to_vec()
}

struct ByUmap<const D: usize>(Umap<D>, Vec<[f32; D]>);

/// `by` in as many dimensions as `start` has places for.
pub fn by_umap<const D: usize>(by: Umap<D>, start: &[f32]) -> Box<dyn Moving> {
    Box::new(ByUmap(by, rows(start)))
}

impl<const D: usize> Moving for ByUmap<D> {
    fn done(&self) -> u32 {
        self.0.epoch()
    }

    fn total(&self) -> u32 {
        self.0.n_epochs()
    }

    fn run(&mut self, until: u32) {
        self.0.run(&mut self.1, until);
    }

    fn piece(&mut self) {
        self.0.piece(&mut self.1);
    }

    fn skip_to_middle(&mut self) {
        self.0.skip_to_middle();
    }

    fn change(&mut self, options: &ProjectOptions) -> bool {
        self.0.change(options)
    }

    fn divergence(&mut self) -> Option<f64> {
        None
    }

    fn places(&self) -> &[f32] {
        self.1.as_flattened()
    }
}

struct ByTsne<const D: usize>(Tsne<D>, Vec<[f32; D]>);

/// As [`by_umap`].
pub fn by_tsne<const D: usize>(by: Tsne<D>, start: &[f32]) -> Box<dyn Moving> {
    Box::new(ByTsne(by, rows(start)))
}

impl<const D: usize> Moving for ByTsne<D> {
    fn done(&self) -> u32 {
        self.0.iteration()
    }

    fn total(&self) -> u32 {
        self.0.n_iterations()
    }

    fn run(&mut self, until: u32) {
        self.0.run(&mut self.1, until);
    }

    fn piece(&mut self) {
        self.0.piece(&mut self.1);
    }

    fn skip_to_middle(&mut self) {}

    fn change(&mut self, options: &ProjectOptions) -> bool {
        self.0.end_iteration(&mut self.1);
        self.0.change(options)
    }

    fn divergence(&mut self) -> Option<f64> {
        Some(self.0.divergence(&self.1))
    }

    fn places(&self) -> &[f32] {
        self.1.as_flattened()
    }
}
