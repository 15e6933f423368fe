//! Similarity: how strongly two items belong together, from how often they stand together.
//!
//! Raw counts grow with popularity, so the popular items become everyone's neighbors (hubs): in the maps made
//! that way at most 7 % of the neighbor links are mutual. The others ask how the count compares with the items' own:
//!
//! - against each item's co-occurrence with itself, c_ii = the sum over collections of what the item's row weighs with
//!   itself: cosine, jaccard, conditional. In 0..1 for every pair weight but a formula (conditional: see there);
//! - against chance: pmi, positivePmi, lift, logLikelihood. If the items were spread over the collections without
//!   regard to each other, m_i m_j / N would be expected, where N is the sum of all collections' normalization (their
//!   number, where there is none) and m_i the sum over i's collections of normalization times the row's *amount*: 1, or
//!   the weight for the pair weight `product`. So lift is the mean product of two weights over the product of
//!   their means, and for `one` all four are the textbook's over numbers of collections. The weights by column and by formula
//!   have no amounts: there an item's amount is 1 wherever its row has the column, and pair sums are divided by what
//!   the pairs of a collection weigh on average, so that lift is 1 for a pair as usual.

use super::Dissimilarity;
use serde::{Deserialize, Serialize};

/// From co-occurrence to similarity. Larger = nearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Similarity {
    /// The co-occurrence itself, c_ij. The author's recipe.
    Raw,
    /// c_ij / sqrt(c_ii c_jj) (Salton, McGill 1983). From 0 to 1.
    Cosine,
    /// Cosine with every collection weighted by its ln((1 + items) / (1/2 + size)) in each of the two rows (so squared in
    /// c_ij): what stands in huge collections says little, and in one with all items still something. From 0 to 1.
    IdfCosine,
    /// c_ij / (c_ii + c_jj - c_ij) (Jaccard 1901; Tanimoto 1958 for weights). From 0 to 1.
    Jaccard,
    /// c_ij / c_ii: of the collections with i, the share that holds j too. Not symmetric: the graph takes the larger of
    /// both ways, and so the popular items rule here as with raw counts. From 0 to 1; with products of weights it may
    /// pass 1 where j's weights are larger than i's.
    Conditional,
    /// Pointwise mutual information, the logarithm of lift (Church, Hanks 1990). Above 0 where the pair
    /// is together more than by chance; no dissimilarity takes the rest, so the lists are those of `positivePmi`.
    Pmi,
    /// The larger of 0 and pmi.
    PositivePmi,
    /// (c_ij + smoothing) / (m_i m_j / N + smoothing). 1 = by chance. Smoothing on both sides draws what is seen few times
    /// towards 1, and leaves above 1 what is above.
    Lift,
    /// Dunning's (1993) log-likelihood ratio G2 of the 2 x 2 table of collections with both, with one of the two
    /// and with neither; negative where the pair is rarer than chance. Grows with the evidence: about the square of
    /// how many standard deviations above chance. In units of the largest pair weight, for `product`.
    LogLikelihood,
    /// Cosine of latent factors and idf cosine together; see [`super::latent`]. From 0 to 1.
    Latent,
}

impl Similarity {
    /// All there are.
    pub const ALL: [Similarity; 10] = [
        Similarity::Raw,
        Similarity::Cosine,
        Similarity::IdfCosine,
        Similarity::Jaccard,
        Similarity::Conditional,
        Similarity::Pmi,
        Similarity::PositivePmi,
        Similarity::Lift,
        Similarity::LogLikelihood,
        Similarity::Latent,
    ];

    /// Whether values stay at 1 or below (but for formulas).
    pub fn is_at_most_one(self) -> bool {
        use Similarity::{Conditional, Cosine, IdfCosine, Jaccard, Latent};
        matches!(self, Cosine | IdfCosine | Jaccard | Conditional | Latent)
    }

    /// The dissimilarity to choose where the user chose none.
    pub fn usual_dissimilarity(self) -> Dissimilarity {
        match self {
            _ if self.is_at_most_one() => Dissimilarity::OneMinus,
            Similarity::Raw => Dissimilarity::InverseLog,
            _ => Dissimilarity::InverseLogPlusOne,
        }
    }
}

/// What similarities against chance know of all items.
pub(super) struct Chance {
    /// m_i, in units of `unit`'s root.
    pub marginals: Vec<f64>,
    /// N.
    pub total: f64,
    /// Pair sums are divided by this.
    pub unit: f64,
    /// Added to every count and every expected count.
    pub smoothing: f64,
}

impl Chance {
    /// How many times more often than expected: [`Similarity::Lift`].
    #[inline]
    pub fn lift(&self, item: usize, other: usize, pair: f32) -> f64 {
        let expected = self.marginals[item] * self.marginals[other] / self.total;
        (f64::from(pair) / self.unit + self.smoothing) / (expected + self.smoothing)
    }

    /// [`Similarity::LogLikelihood`].
    /// [`Similarity::LogLikelihood`], and 0 for all that is rarer than chance: four logarithms are dear, and no
    /// dissimilarity takes it.
    #[inline]
    pub fn log_likelihood(&self, item: usize, other: usize, pair: f32) -> f64 {
        let (both, one, other) = (f64::from(pair) / self.unit, self.marginals[item], self.marginals[other]);
        if both * self.total <= one * other { 0.0 } else { log_likelihood(both, one, other, self.total) }
    }
}

/// Dunning's G2 of a pair seen `both` times, its items `one` and `other` times, of `total`; negative where rarer than
/// chance. Cells below 0, which only weights by column or formula can give, count as 0.
pub fn log_likelihood(both: f64, one: f64, other: f64, total: f64) -> f64 {
    // x ln(x / expected) of each cell; expected counts come from the margins.
    let cell = |x: f64, row: f64, column: f64| {
        if x > 0.0 && row > 0.0 && column > 0.0 { x * libm::log(x * total / (row * column)) } else { 0.0 }
    };
    let (not_one, not_other) = (total - one, total - other);
    let g = cell(both, one, other)
        + cell(one - both, one, not_other)
        + cell(other - both, not_one, other)
        + cell(not_one - other + both, not_one, not_other);
    let g = 2.0 * g.max(0.0);
    if both * total < one * other { -g } else { g }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_likelihood_by_hand() {
        // Dunning 1993, section 5, Table 3: "the swiss" 110, 2442, 111, 29114 gives 270.72.
        let found = log_likelihood(110.0, 110.0 + 2442.0, 110.0 + 111.0, 110.0 + 2442.0 + 111.0 + 29114.0);
        assert!((found - 270.72).abs() < 0.005, "{found}");
        // As expected by chance: nothing. Never together: negative.
        assert_eq!(log_likelihood(2.0, 4.0, 5.0, 10.0), 0.0);
        assert!(log_likelihood(0.0, 4.0, 5.0, 10.0) < -1.0);
        // Always together: 2 N ln 2 for halves.
        assert!((log_likelihood(8.0, 8.0, 8.0, 16.0) - 32.0 * std::f64::consts::LN_2).abs() < 1e-12);
    }

    #[test]
    fn lift_by_hand() {
        let chance = Chance { marginals: vec![4.0, 5.0], total: 10.0, unit: 1.0, smoothing: 0.0 };
        assert_eq!(chance.lift(0, 1, 3.0), 1.5);
        assert_eq!(Chance { smoothing: 2.0, ..chance }.lift(0, 1, 3.0), 1.25);
    }
}
