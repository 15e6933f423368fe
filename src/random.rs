//! Rng: the only randomness.
//!
//! A stream is named by (seed, stage, index): the same name gives the same numbers on every machine, and two
//! names give independent ones. So work can be cut among threads in any way: item 7 of epoch 3 draws from its own
//! stream. The generator is PCG `Lcg64Xsh32` (O'Neill 2014) from `rand_pcg`; ranges and normals are made
//! here, as those of other crates may change between versions.

use rand_core::Rng as _;
use rand_pcg::Pcg32;

/// Which stage of the pipeline draws. Each has streams of its own.
#[derive(Clone, Copy, Debug)]
pub enum Use {
    /// Random start of the embedding.
    EmbedStart = 1,
    /// The dissimilar pairs.
    DissimilarPairs = 2,
    /// Start vectors of the eigenvector iteration.
    Spectral = 3,
    /// Jitter of the projection's start.
    ProjectStart = 4,
    /// UMAP's negative samples.
    Negatives = 5,
    /// The items that are laid out first, and what parts the others.
    ProjectSample = 6,
    /// The pairs whose distances are kept.
    DistancePairs = 20,
    /// The items that distances are taken from.
    DistanceSources = 21,
    /// The partners and random items that skip-gram draws.
    SkipGram = 23,
    /// Random walks on the graph.
    Walks = 24,
    /// The random pairs of GGVec.
    Ggvec = 25,
    /// The directions of a random projection.
    RandomProjection = 26,
    /// What parts items that start in one place.
    EmbedJitter = 22,
    /// The random matrix that latent factors start from.
    Factors = 30,
    /// The points that a map's measures are taken at.
    MeasureSample = 40,
    /// The pairs whose distances are compared between a map and its embedding.
    MeasurePairs = 41,
    /// The rows that a tree over vectors is split by.
    KnnForest = 60,
    /// Which neighbors are tried in a round of the search for more.
    KnnRounds = 61,
    /// The rows that a search's recall is measured on.
    KnnSample = 62,
    /// The signs of a sketch of vectors.
    KnnSketch = 63,
    /// The items that a placed point is pushed by.
    Place = 27,
    /// The pairs of the formula's preview.
    Preview = 90,
    /// Data made by tests.
    Test = 99,
}

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Rng(Pcg32);

/// Mixes 64 bits so that neighboring inputs give unrelated outputs (the finalizer of SplitMix64, Steele 2014).
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

impl Rng {
    /// The stream (`seed`, `stage`, `index`).
    pub fn stream(seed: u64, stage: Use, index: u64) -> Self {
        let state = mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_add(mix(index)));
        Rng(Pcg32::new(state, mix(index ^ ((stage as u64) << 56))))
    }

    /// A name for as many [`Draws`] as are wanted.
    pub fn key(&mut self) -> u64 {
        (u64::from(self.bits()) << 32) | u64::from(self.bits())
    }

    /// 32 random bits.
    pub fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// Uniform in `0..n`, by multiply and shift (Lemire 2019). The bias is below n / 2^32.
    pub fn below(&mut self, n: u32) -> u32 {
        ((u64::from(self.bits()) * u64::from(n)) >> 32) as u32
    }

    /// Uniform in [0, 1), 24 bits.
    pub fn uniform(&mut self) -> f32 {
        (self.bits() >> 8) as f32 / (1 << 24) as f32
    }

    /// Standard normal (Box and Muller 1958; one of the pair is thrown away for simplicity).
    pub fn normal(&mut self) -> f32 {
        let u = (f64::from(self.bits()) + 1.0) / 4_294_967_296.0;
        let v = f64::from(self.bits()) / 4_294_967_296.0;
        (libm::sqrt(-2.0 * libm::log(u)) * libm::cos(std::f64::consts::TAU * v)) as f32
    }
}

/// Draws for inner loops that need few of them in each of very many streams: to begin one costs two mixings, a draw a
/// multiplication. The upper half of a 64-bit congruential generator (multiplier of Knuth's MMIX).
#[derive(Clone, Debug)]
pub struct Draws(u64);

impl Draws {
    /// Stream `index` of those that `key` names; see [`Rng::key`].
    #[inline]
    pub fn new(key: u64, index: u64) -> Self {
        Draws(mix(key ^ mix(index.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    /// As [`Rng::below`].
    #[inline]
    pub fn below(&mut self, n: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (((self.0 >> 32) * u64::from(n)) >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_reproducible_and_differ() {
        let draw = |seed, stage, index| {
            let mut rng = Rng::stream(seed, stage, index);
            [rng.bits(), rng.bits()]
        };
        assert_eq!(draw(1, Use::EmbedStart, 0), draw(1, Use::EmbedStart, 0));
        assert_ne!(draw(1, Use::EmbedStart, 0), draw(2, Use::EmbedStart, 0));
        assert_ne!(draw(1, Use::EmbedStart, 0), draw(1, Use::EmbedStart, 1));
        assert_ne!(draw(1, Use::EmbedStart, 0), draw(1, Use::DissimilarPairs, 0));
    }

    #[test]
    fn moments() {
        let mut rng = Rng::stream(7, Use::Test, 0);
        let n = 100_000;
        let normals: Vec<f64> = (0..n).map(|_| f64::from(rng.normal())).collect();
        let mean = normals.iter().sum::<f64>() / n as f64;
        let variance = normals.iter().map(|x| x * x).sum::<f64>() / n as f64;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
        let mut seen = [0u32; 5];
        for _ in 0..n {
            seen[rng.below(5) as usize] += 1;
        }
        assert!(seen.iter().all(|&count| (19_000..21_000).contains(&count)), "{seen:?}");
        // First draws of neighboring streams are unrelated too.
        let firsts: f64 = (0..10_000).map(|i| f64::from(Rng::stream(3, Use::Test, i).uniform())).sum();
        assert!((firsts / 10_000.0 - 0.5).abs() < 0.01);
    }
}
