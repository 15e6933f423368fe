//! Similarity: how strongly two items belong together; and from similarity to dissimilarity.
//!
//! Raw counts grow with popularity, so the popular items become everyone's neighbors (hubs): in the maps made
//! that way at most 7 % of the neighbor links are mutual. Cosine (Salton 1983) divides by both items' own strength.

use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

/// From co-occurrence to similarity. Larger = nearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Similarity {
    /// The co-occurrence itself.
    Raw,
    /// c_ij / sqrt(c_ii c_jj), where c_ii is the item's co-occurrence with itself. From 0 to 1.
    Cosine,
}

impl Similarity {
    /// The similarity of two items with co-occurrence `pair` and self-co-occurrences `own` and `other`.
    #[inline]
    pub fn of(self, pair: f32, own: f32, other: f32) -> f32 {
        match self {
            Similarity::Raw => pair,
            // Each root by itself: a product of two large counts would round.
            Similarity::Cosine => pair / (own.sqrt() * other.sqrt()),
        }
    }
}

/// From similarity to dissimilarity: the length of a graph edge. Larger = farther.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Dissimilarity {
    /// 1 / ln(x), for x > 2: below that the pair is left out, as the logarithm must be well above 0 (the guard of the
    /// osu! beatmap atlas, whose recipe this is).
    InverseLog,
    /// 1 - x, for x <= 1, such as a cosine. Never below 0.0001, so that items with equal collections are
    /// nearest but still apart: graph edges of length 0 are no edges.
    OneMinus,
}

/// The least length of an edge by [`Dissimilarity::OneMinus`].
const LEAST: f32 = 1e-4;

impl Dissimilarity {
    /// The dissimilarity, or `None` where the similarity is outside the formula's domain: the pair is no edge.
    #[inline]
    pub fn of(self, similarity: f32) -> Option<f32> {
        match self {
            // libm, so that the bits are the same everywhere.
            Dissimilarity::InverseLog => {
                (similarity > 2.0).then(|| (1.0 / libm::log(f64::from(similarity))) as f32)
            }
            Dissimilarity::OneMinus => (similarity > 0.0).then(|| (1.0 - similarity).max(LEAST)),
        }
    }

    /// Why pairs may be outside the domain, as a sentence for the user.
    pub fn domain(self) -> &'static str {
        match self {
            Dissimilarity::InverseLog => {
                "No pair of items is together in more than 2 collections, which 1/ln(x) needs."
            }
            Dissimilarity::OneMinus => "No pair of items has anything in common.",
        }
    }

    /// Checks that the formula suits the similarity.
    pub fn check(self, similarity: Similarity) -> Result<()> {
        let legal = match (self, similarity) {
            (Dissimilarity::OneMinus, Similarity::Raw) => "\"inverseLog\" for the similarity \"raw\"",
            (Dissimilarity::InverseLog, Similarity::Cosine) => "\"oneMinus\" for the similarity \"cosine\"",
            _ => return Ok(()),
        };
        let value = if self == Dissimilarity::OneMinus { "oneMinus" } else { "inverseLog" };
        let (option, value) = ("count.dissimilarity", value.to_owned());
        Err(Error::new(ErrorKind::OptionOutOfRange { option, value, legal }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(Similarity::Raw.of(6.0, 9.0, 16.0), 6.0);
        assert_eq!(Similarity::Cosine.of(6.0, 9.0, 16.0), 0.5);
        assert_eq!(Dissimilarity::OneMinus.of(0.5), Some(0.5));
        assert_eq!(Dissimilarity::OneMinus.of(1.0), Some(LEAST));
        assert_eq!(Dissimilarity::OneMinus.of(0.0), None);
        assert_eq!(Dissimilarity::InverseLog.of(2.0), None);
        assert!((Dissimilarity::InverseLog.of(3.0).unwrap() - 0.910_239_2).abs() < 1e-6);
    }

    #[test]
    fn formulas_that_do_not_fit_are_refused() {
        assert!(Dissimilarity::OneMinus.check(Similarity::Raw).is_err());
        assert!(Dissimilarity::InverseLog.check(Similarity::Cosine).is_err());
        assert!(Dissimilarity::OneMinus.check(Similarity::Cosine).is_ok());
    }
}
