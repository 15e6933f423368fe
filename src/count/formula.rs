//! Formula: the user's own pair weight. Not there yet: the recipe is refused.

use crate::error::{Error, ErrorKind, Result};

/// A formula, compiled.
#[derive(Clone, Debug)]
pub struct Formula;

impl Formula {
    /// Compiles `text` over the row columns of these names.
    ///
    /// # Errors
    /// Always, for now.
    pub fn parse(_text: &str, _columns: &[&str]) -> Result<Formula> {
        Err(Error::new(ErrorKind::BadRecipe { problem: "Formulas are not there yet.".to_owned() }))
    }

    /// What two rows with column values `a` and `b` weigh.
    pub fn eval(&self, _a: &[f64], _b: &[f64], _weight_a: f64, _weight_b: f64, _size: f64) -> f64 {
        0.0
    }
}
