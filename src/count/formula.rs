//! Formula: the user's own weight of a pair, over the two rows' columns and the collection's size.
//!
//! ```text
//! exp(-abs(a.time - b.time) / 30)                               two rows a month apart count e^-1
//! max(0, 2 * (1 - abs(a.pp - b.pp) / max(a.pp, b.pp) / 0.5))    the osu! atlas
//! if(a.rating >= 8 && b.rating >= 8, 1, 0.1) / ln(size)
//! ```
//!
//! | | |
//! |---|---|
//! | values | numbers (`2`, `.5`, `1e-3`); `a.weight`, `b.weight`; `size`, the number of kept items in the collection; `a.NAME` and `b.NAME` for each row column |
//! | operators, weakest first | `\|\|`; `&&`; `<` `<=` `>` `>=` `==` `!=`; `+` `-`; `*` `/`; `-x` `!x`; `x^y`, which groups to the right |
//! | functions | `abs(x)`, `sqrt(x)`, `exp(x)`, `ln(x)`, `floor(x)`, `min(x, y, ...)`, `max(x, y, ...)`, `pow(x, y)`, `if(condition, x, y)`, `known(x)` |
//!
//! A truth is 1 or 0; anything but 0 and a missing value counts as true. A name matches a column of that name, else the
//! one with the same letters and digits (`a.play_count` for `Play count`); any name can be quoted: `a."play count"`. The
//! weight column also goes by its own name. Times are days. A missing value makes what is computed from it missing
//! (comparisons with it are false); `known(x)` is 1 where x is not missing.
//!
//! A pair's weight must not depend on which of its rows comes first. Where that cannot be read off the formula
//! ([`Formula::is_symmetric`]), its weight is the mean of both ways round. A result that is missing, negative, infinite
//! or beyond an f32 counts as 0 ([`usable`]).
//!
//! Safe for formulas that strangers send: at most [`LONGEST`] bytes, nesting and values at hand at most [`DEEPEST`], no
//! loops, no memory taken while it runs. The same bits everywhere: arithmetic, comparisons, square root and floor are
//! exact or correctly rounded by IEEE 754, exp, ln and pow are `libm`'s. Compiled once to postfix code (`parse`); a
//! tree-walking twin stands in tests/formula.rs.

mod parse;

use crate::error::Result;

/// Longest formula, in bytes.
pub const LONGEST: usize = 2000;
/// Deepest nesting, and most values that may wait for an operator.
pub const DEEPEST: usize = 16;

/// A formula, ready to run.
#[derive(Clone, Debug)]
pub struct Formula {
    code: Vec<Op>,
    is_symmetric: bool,
}

/// One step: takes its operands off the stack, puts its result on it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    Number(f64),
    /// A column's value in row a, in row b.
    A(u32),
    B(u32),
    WeightA,
    WeightB,
    Size,
    Unary(Unary),
    Binary(Binary),
    /// Condition, value if true, value if not.
    If,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unary {
    Minus,
    Not,
    Abs,
    Sqrt,
    Exp,
    Ln,
    Floor,
    Known,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Binary {
    Or,
    And,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Min,
    Max,
}

impl Formula {
    /// Compiles `text`. `columns` are the names of the row columns, in the order in which [`eval`](Self::eval) gets
    /// their values.
    ///
    /// # Errors
    /// [`BadFormula`](crate::error::ErrorKind::BadFormula) with the column in the text, counted in characters from 1, and,
    /// where a name is not known, those that are.
    pub fn parse(text: &str, columns: &[&str]) -> Result<Formula> {
        parse::parse(text, columns, None)
    }

    /// The same, where the file calls its weight `weight_name`.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_with(text: &str, columns: &[&str], weight_name: Option<&str>) -> Result<Formula> {
        parse::parse(text, columns, weight_name)
    }

    /// Whether the weight is the same with the two rows exchanged, as far as that can be read off the formula.
    pub fn is_symmetric(&self) -> bool {
        self.is_symmetric
    }

    /// The weight of the pair before [`usable`]: the formula's value, or the mean of both ways round where the formula may
    /// tell the rows apart. Maybe negative, infinite, or NaN. `a` and `b` are the rows' values in the columns of
    /// [`parse`](Self::parse), NaN where missing; `size` is the number of kept items in their collection.
    #[inline]
    pub fn eval(&self, a: &[f64], b: &[f64], weight_a: f64, weight_b: f64, size: f64) -> f64 {
        let one = self.one_way(a, b, weight_a, weight_b, size);
        if self.is_symmetric { one } else { 0.5 * (one + self.one_way(b, a, weight_b, weight_a, size)) }
    }

    /// The formula's value with `a` in the place of row a.
    pub fn one_way(&self, a: &[f64], b: &[f64], weight_a: f64, weight_b: f64, size: f64) -> f64 {
        // `parse` counts what waits on the stack, so it never holds more than this.
        let mut stack = [0.0_f64; DEEPEST];
        let mut top = 0;
        let value = |row: &[f64], column: u32| row.get(column as usize).copied().unwrap_or(f64::NAN);
        for op in &self.code {
            let result = match *op {
                Op::Number(number) => number,
                Op::A(column) => value(a, column),
                Op::B(column) => value(b, column),
                Op::WeightA => weight_a,
                Op::WeightB => weight_b,
                Op::Size => size,
                Op::Unary(unary) => {
                    top -= 1;
                    unary.of(stack[top])
                }
                Op::Binary(binary) => {
                    top -= 2;
                    binary.of(stack[top], stack[top + 1])
                }
                Op::If => {
                    top -= 3;
                    if is_true(stack[top]) { stack[top + 1] } else { stack[top + 2] }
                }
            };
            stack[top] = result;
            top += 1;
        }
        stack[0]
    }
}

/// What a computed weight counts: itself, or 0 where it is NaN, negative, or too large for an f32.
#[inline]
pub fn usable(weight: f64) -> f32 {
    let weight = weight as f32;
    if weight > 0.0 && weight.is_finite() { weight } else { 0.0 }
}

#[inline]
fn is_true(x: f64) -> bool {
    x != 0.0 && !x.is_nan()
}

impl Unary {
    #[inline]
    fn of(self, x: f64) -> f64 {
        match self {
            Unary::Minus => -x,
            Unary::Not => f64::from(!is_true(x)),
            Unary::Abs => x.abs(),
            Unary::Sqrt => x.sqrt(),
            Unary::Exp => libm::exp(x),
            Unary::Ln => libm::log(x),
            Unary::Floor => x.floor(),
            Unary::Known => f64::from(!x.is_nan()),
        }
    }
}

impl Binary {
    #[inline]
    fn of(self, x: f64, y: f64) -> f64 {
        match self {
            Binary::Or => f64::from(is_true(x) || is_true(y)),
            Binary::And => f64::from(is_true(x) && is_true(y)),
            Binary::Less => f64::from(x < y),
            Binary::LessOrEqual => f64::from(x <= y),
            Binary::Greater => f64::from(x > y),
            Binary::GreaterOrEqual => f64::from(x >= y),
            Binary::Equal => f64::from(x == y),
            // Not so with a missing value, as any other comparison.
            Binary::NotEqual => f64::from(x != y && !x.is_nan() && !y.is_nan()),
            Binary::Add => x + y,
            Binary::Subtract => x - y,
            Binary::Multiply => x * y,
            Binary::Divide => x / y,
            // `pow` makes 1 of a missing value to the power 0.
            Binary::Power if x.is_nan() || y.is_nan() => f64::NAN,
            // Squares are common, and a product is exact where the general power may not be.
            Binary::Power if y == 2.0 => x * x,
            Binary::Power => libm::pow(x, y),
            // Written out, so that the sign of 0 and a missing operand depend neither on the machine nor on the order.
            Binary::Min if x.is_nan() || x < y || (x == y && x.is_sign_negative()) => x,
            Binary::Max if x.is_nan() || x > y || (x == y && x.is_sign_positive()) => x,
            Binary::Min | Binary::Max => y,
        }
    }

    /// Whether exchanging the operands changes nothing.
    fn commutes(self) -> bool {
        use Binary::*;
        matches!(self, Or | And | Equal | NotEqual | Add | Multiply | Min | Max)
    }
}
