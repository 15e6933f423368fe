//! Flat: maps that need no neighbors: the embedding seen from where it is widest, from a random side, or MDE itself in two
//! dimensions, or three.
//!
//! As in the other projections, parts that nothing connects are laid out each by itself and packed beside each other.

use super::starting::deviate;
use super::{Method, coincident, pca};
use crate::embed::{
    EmbedOptions, Input, Method as EmbedMethod, Start, Status as Mde, center, initialize as mde_of,
};
use crate::error::Result;
use crate::graph::{Graph, NeighborPairs};
use crate::pack::{self, Parts};
use crate::random::{Rng, Use};

/// How far points that end in one place are parted, as a share of the largest coordinate.
const APART: f32 = 1e-3;

/// What a flat map is made of.
pub struct Source<'a> {
    /// The embedding, row-major n_items x `dim`.
    pub embedding: &'a [f32],
    /// Its dimensions.
    pub dim: usize,
    /// Whether its rows have length 1, so that distances say nothing about how large a map should be.
    pub unit_rows: bool,
    /// The pairs to keep near.
    pub similar: &'a NeighborPairs,
    /// The similarity graph.
    pub graph: &'a Graph,
    /// The parts that nothing connects.
    pub parts: &'a Parts,
}

/// A flat map under way; all but MDE are done at once.
pub struct Status {
    layout: Vec<f32>,
    dim: usize,
    mde: Option<Mde>,
    parts: Parts,
}

/// Ready to lay out `source` in `wanted` dimensions, 2 or 3, by `method`, which is `pca`, `randomProjection` or `mde`. MDE keeps
/// the options of `embed` but for the dimensions and the start, which is the principal view.
///
/// # Errors
/// As [`crate::embed::initialize`].
pub fn initialize(
    source: &Source<'_>,
    method: Method,
    wanted: usize,
    options: &EmbedOptions,
    seed: u64,
) -> Result<Status> {
    let Source { embedding, dim, parts, .. } = *source;
    let mut layout = match method {
        Method::RandomProjection => random_projection(embedding, dim, wanted, seed),
        _ => pca::view_of_parts(embedding, dim, wanted, parts),
    };
    let mut mde = None;
    if method == Method::Mde {
        if source.unit_rows {
            deviate(&mut layout, wanted, 1.0);
        }
        if dim < wanted {
            // What begins in a plane would stay there.
            let mut rng = Rng::stream(seed, Use::ProjectStart, 0);
            layout.iter_mut().skip(dim).step_by(wanted).for_each(|v| *v = 0.1 * rng.normal());
        }
        let input = Input {
            n_items: layout.len() / wanted,
            similar: source.similar.clone(),
            graph: Some(source.graph),
            previous: Some(&layout),
            anchors: None,
        };
        let options = EmbedOptions {
            method: EmbedMethod::Mde,
            dim: wanted as u32,
            start: Start::Previous,
            ..options.clone()
        };
        let (x, status) = mde_of(input, &options, seed)?;
        (layout, mde) = (x, Some(status));
    }
    Ok(Status { layout, dim: wanted, mde, parts: parts.clone() })
}

/// The products of each row with `wanted` random directions (Johnson, Lindenstrauss 1984): distances are kept on average.
fn random_projection(x: &[f32], dim: usize, wanted: usize, seed: u64) -> Vec<f32> {
    let mut rng = Rng::stream(seed, Use::RandomProjection, 0);
    let scale = 1.0 / (wanted as f32).sqrt();
    let directions: Vec<f32> = (0..wanted * dim).map(|_| rng.normal() * scale).collect();
    let along = |row: &[f32], d: &[f32]| row.iter().zip(d).map(|(a, b)| a * b).sum::<f32>();
    let all = x.chunks_exact(dim).flat_map(|row| directions.chunks_exact(dim).map(move |d| along(row, d)));
    all.collect()
}

impl Status {
    /// Iterations done.
    pub fn iteration(&self) -> usize {
        self.mde.as_ref().map_or(1, Mde::iteration)
    }

    /// Most iterations.
    pub fn max_iterations(&self) -> usize {
        self.mde.as_ref().map_or(1, Mde::max_iterations)
    }

    /// Whether it has stopped.
    pub fn is_finished(&self) -> bool {
        self.mde.as_ref().is_none_or(Mde::is_finished)
    }

    /// Goes on until iteration `until`, or until it stops.
    pub fn run(&mut self, until: usize) {
        if let Some(mde) = &mut self.mde {
            mde.run(&mut self.layout, until);
        }
    }

    /// The layout now, row-major n_items x `dim`, its parts beside each other.
    pub fn layout(&self) -> Vec<f32> {
        pack::packed(&self.layout, self.dim, &self.parts)
    }

    /// The finished layout, row-major n_items x `dim`.
    pub fn finish(self) -> Vec<f32> {
        let mut layout = self.layout;
        center(&mut layout, self.dim);
        pack::pack(&mut layout, self.dim, &self.parts);
        let most = layout.iter().fold(0.0f32, |m, v| m.max(v.abs()));
        let apart = if most > f32::MIN_POSITIVE { APART * most } else { APART };
        coincident::part(&mut layout, self.dim, apart);
        layout
    }
}
