//! Dissimilarity: from how strongly two items belong together to the length of a graph edge.
//!
//! | formula | similarities it suits | used by |
//! |---|---|---|
//! | 1 - x, -ln x | from 0 to 1: cosine, idfCosine, jaccard, conditional, latent | the default preset |
//! | 1 / ln(x) | without upper bound: raw, lift, logLikelihood | the osu! beatmap atlas |
//! | 1 / ln(x + 1) | all | the anime atlas |
//! | 1 / x | all | |
//!
//! All fall as x grows, so a choice among them never changes who is nearest, only how far: the graph's shortest
//! paths and its longest ones do change. 1 / ln barely tells large counts apart, 1 / x tells them apart most.

use super::Similarity;
use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

/// From similarity x to dissimilarity: the length of a graph edge. Larger = farther.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Dissimilarity {
    /// 1 / ln(x), for x > 2: below that the pair is left out, as the logarithm must be well above 0 (the guard of the
    /// osu! beatmap atlas, whose recipe this is).
    InverseLog,
    /// 1 / ln(x + 1), for x of at least 0.000001. The anime atlas' recipe.
    InverseLogPlusOne,
    /// 1 / x, for x of at least 0.000001.
    Inverse,
    /// 1 - x, for 0 < x <= 1, such as a cosine. Never below 0.0001, so that items with equal collections are
    /// nearest but still apart: graph edges of length 0 are no edges.
    OneMinus,
    /// -ln x, for 0 < x <= 1. Never below 0.0001.
    NegativeLog,
}

use Dissimilarity::{Inverse, InverseLog, InverseLogPlusOne, NegativeLog, OneMinus};

/// The least length of an edge by [`OneMinus`] and [`NegativeLog`].
const LEAST: f32 = 1e-4;

/// The least similarity that [`Inverse`] and [`InverseLogPlusOne`] take: below it, lengths would run away.
const LEAST_SIMILARITY: f32 = 1e-6;

impl Dissimilarity {
    /// The dissimilarity, or `None` where the similarity is outside the formula's domain: the pair is no edge.
    #[inline]
    pub fn of(self, similarity: f32) -> Option<f32> {
        // libm, so that the bits are the same everywhere.
        let x = f64::from(similarity);
        match self {
            InverseLog => (similarity > 2.0).then(|| (1.0 / libm::log(x)) as f32),
            InverseLogPlusOne => (similarity >= LEAST_SIMILARITY).then(|| (1.0 / libm::log1p(x)) as f32),
            Inverse => (similarity >= LEAST_SIMILARITY).then(|| 1.0 / similarity),
            OneMinus => (similarity > 0.0).then(|| (1.0 - similarity).max(LEAST)),
            NegativeLog => (similarity > 0.0).then(|| ((-libm::log(x)) as f32).max(LEAST)),
        }
    }

    /// Why pairs may be outside the domain, as a sentence for the user.
    pub fn domain(self) -> &'static str {
        match self {
            InverseLog => {
                "No pair of items is together in more than 2 collections (or has a similarity above 2), which 1/ln(x) needs."
            }
            _ => "No pair of items has anything in common.",
        }
    }

    /// Whether the formula needs similarities of at most 1.
    pub fn needs_at_most_one(self) -> bool {
        matches!(self, OneMinus | NegativeLog)
    }

    /// Checks that the formula suits the similarity.
    ///
    /// # Errors
    /// [`ErrorKind::OptionOutOfRange`] for `count.dissimilarity`, with the formulas that do.
    pub fn check(self, similarity: Similarity) -> Result<()> {
        use Similarity::{LogLikelihood, Pmi, PositivePmi, Raw};
        let legal = match similarity {
            Raw | Similarity::Lift | LogLikelihood if self.needs_at_most_one() => {
                "\"inverseLog\", \"inverseLogPlusOne\" or \"inverse\" for the similarities \"raw\", \"lift\" and \"logLikelihood\", which have no upper bound"
            }
            Pmi | PositivePmi if self != Inverse && self != InverseLogPlusOne => {
                "\"inverseLogPlusOne\" or \"inverse\" for the similarities \"pmi\" and \"positivePmi\", which are logarithms and have no upper bound"
            }
            _ if similarity.is_at_most_one() && self == InverseLog => {
                "\"oneMinus\", \"negativeLog\", \"inverseLogPlusOne\" or \"inverse\" for a similarity from 0 to 1"
            }
            _ => return Ok(()),
        };
        Err(self.refused(legal))
    }

    /// The error that names this choice and what would be `legal`.
    pub(super) fn refused(self, legal: &'static str) -> Error {
        let value = match self {
            InverseLog => "inverseLog",
            InverseLogPlusOne => "inverseLogPlusOne",
            Inverse => "inverse",
            OneMinus => "oneMinus",
            NegativeLog => "negativeLog",
        };
        let (option, value) = ("count.dissimilarity", value.to_owned());
        Error::new(ErrorKind::OptionOutOfRange { option, value, legal })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(OneMinus.of(0.5), Some(0.5));
        assert_eq!(OneMinus.of(1.0), Some(LEAST));
        assert_eq!(OneMinus.of(1.25), Some(LEAST));
        assert_eq!(OneMinus.of(0.0), None);
        assert_eq!(Inverse.of(4.0), Some(0.25));
        assert_eq!(NegativeLog.of(1.0), Some(LEAST));
        for (formula, x, want) in [
            (InverseLog, 3.0, 0.910_239_2),
            (InverseLogPlusOne, 2.0, 0.910_239_2),
            (NegativeLog, 0.5, std::f32::consts::LN_2),
        ] {
            assert!((formula.of(x).unwrap() - want).abs() < 1e-6, "{formula:?}");
        }
    }

    #[test]
    fn domains_are_guarded() {
        assert_eq!(InverseLog.of(2.0), None);
        for formula in [InverseLog, InverseLogPlusOne, Inverse, OneMinus, NegativeLog] {
            for x in [0.0, -0.0, -1.0, f32::NAN, f32::NEG_INFINITY] {
                assert_eq!(formula.of(x), None, "{formula:?} {x}");
            }
            for x in [f32::MIN_POSITIVE, 1e-6, 0.1, 1.0, 2.5, 1e9, f32::MAX] {
                let length = formula.of(x).unwrap_or(1.0);
                assert!(length > 0.0 && length.is_finite(), "{formula:?} {x} {length}");
            }
        }
    }

    #[test]
    fn formulas_that_do_not_fit_are_refused() {
        let fits = |similarity: Similarity| {
            [InverseLog, InverseLogPlusOne, Inverse, OneMinus, NegativeLog]
                .map(|d| d.check(similarity).is_ok())
        };
        assert_eq!(fits(Similarity::Raw), [true, true, true, false, false]);
        assert_eq!(fits(Similarity::LogLikelihood), [true, true, true, false, false]);
        assert_eq!(fits(Similarity::Pmi), [false, true, true, false, false]);
        assert_eq!(fits(Similarity::Jaccard), [false, true, true, true, true]);
        for similarity in Similarity::ALL {
            similarity.usual_dissimilarity().check(similarity).unwrap();
        }
        let message = OneMinus.check(Similarity::Pmi).unwrap_err().to_string();
        assert!(
            message.contains("inverseLogPlusOne") && message.contains("count.dissimilarity"),
            "{message}"
        );
    }
}
