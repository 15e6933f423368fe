//! Text of a formula to postfix code, by operator precedence (Pratt 1973, "Top down operator precedence").
//!
//! The code is written as the operands are met, so there is no tree. Each part also gets two hashes, of itself and of
//! itself with the rows exchanged, in which operands that may be exchanged have no order, nor have those of a difference
//! under `abs` or an even power: equal hashes of the whole mean that the formula cannot tell the rows apart.

use super::{Binary, DEEPEST, Formula, LONGEST, Op, Unary};
use crate::error::{Error, ErrorKind, Result};

/// Most expressions inside each other.
const NESTING: usize = 100;
/// How strongly signs before a value bind: less than a power, more than a product.
const SIGN: u8 = 6;
/// Operators, how they are written, and how strongly they bind. A sign stands after those that it begins.
const OPERATORS: [(&str, Binary, u8); 13] = [
    ("||", Binary::Or, 1),
    ("&&", Binary::And, 2),
    ("<=", Binary::LessOrEqual, COMPARISON),
    (">=", Binary::GreaterOrEqual, COMPARISON),
    ("==", Binary::Equal, COMPARISON),
    ("!=", Binary::NotEqual, COMPARISON),
    ("<", Binary::Less, COMPARISON),
    (">", Binary::Greater, COMPARISON),
    ("+", Binary::Add, 4),
    ("-", Binary::Subtract, 4),
    ("*", Binary::Multiply, 5),
    ("/", Binary::Divide, 5),
    ("^", Binary::Power, POWER),
];
const COMPARISON: u8 = 3;
const POWER: u8 = 7;
const UNARY: [(&str, Unary); 6] = [
    ("abs", Unary::Abs),
    ("sqrt", Unary::Sqrt),
    ("exp", Unary::Exp),
    ("ln", Unary::Ln),
    ("floor", Unary::Floor),
    ("known", Unary::Known),
];
const BINARY: [(&str, Binary); 3] = [("min", Binary::Min), ("max", Binary::Max), ("pow", Binary::Power)];

/// What is known of an expression: hashes of it, and of it with the rows exchanged.
#[derive(Clone, Copy)]
struct Part {
    hashes: [u64; 2],
    /// The same up to its sign, when it is a difference.
    unsigned: Option<[u64; 2]>,
    is_even: bool,
}

struct Parser<'a> {
    text: &'a str,
    /// Bytes read.
    at: usize,
    columns: &'a [&'a str],
    weight_name: Option<&'a str>,
    code: Vec<Op>,
    /// Values on the stack when the code so far has run.
    height: usize,
    nesting: usize,
}

pub(super) fn parse(text: &str, columns: &[&str], weight_name: Option<&str>) -> Result<Formula> {
    let mut parser = Parser { text, at: 0, columns, weight_name, code: Vec::new(), height: 0, nesting: 0 };
    if text.len() > LONGEST {
        return parser.fail(LONGEST, format!("The formula is longer than {LONGEST} bytes."));
    }
    let whole = parser.expression(0)?;
    match parser.next() {
        None => Ok(Formula { code: parser.code, is_symmetric: whole.hashes[0] == whole.hashes[1] }),
        Some(_) => parser.fail(parser.at, format!("An operator was expected, not {}.", parser.shown())),
    }
}

impl<'a> Parser<'a> {
    /// An error at this byte of the text.
    fn fail<T>(&self, at: usize, problem: String) -> Result<T> {
        let before = self.text.char_indices().take_while(|&(start, _)| start < at).count();
        Err(Error::new(ErrorKind::BadFormula { problem }).at("formula", 0, before as u64 + 1))
    }

    /// The text not read yet.
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Skips white space; the character then next.
    fn next(&mut self) -> Option<char> {
        self.at = self.text.len() - self.rest().trim_start().len();
        self.rest().chars().next()
    }

    fn take(&mut self, token: &str) -> bool {
        self.next();
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    /// What stands next, for a message.
    fn shown(&self) -> String {
        self.rest().chars().next().map_or("the end".into(), |c| format!("\"{c}\""))
    }

    fn expect(&mut self, token: &str) -> Result<()> {
        match self.take(token) {
            true => Ok(()),
            false => self.fail(self.at, format!("\"{token}\" was expected, not {}.", self.shown())),
        }
    }

    /// Reads up to an operator that binds less than `power`.
    fn expression(&mut self, power: u8) -> Result<Part> {
        self.nesting += 1;
        if self.nesting > NESTING {
            return self.fail(self.at, "The formula is nested too deeply.".into());
        }
        let mut left = self.operand()?;
        let mut compared = false;
        while let Some((sign, binary, own)) = self.operator().filter(|operator| operator.2 >= power) {
            if own == COMPARISON && std::mem::replace(&mut compared, true) {
                return self.fail(self.at, "Compare two values at a time: x < y && y < z.".into());
            }
            self.at += sign.len();
            let right = self.expression(if binary == Binary::Power { own } else { own + 1 })?;
            left = self.binary(binary, left, right);
        }
        self.nesting -= 1;
        Ok(left)
    }

    fn operator(&mut self) -> Option<(&'static str, Binary, u8)> {
        self.next();
        OPERATORS.into_iter().find(|(sign, _, _)| self.rest().starts_with(sign))
    }

    /// A value with the signs before it.
    fn operand(&mut self) -> Result<Part> {
        let start = self.next();
        let at = self.at;
        match start {
            Some('(') => {
                self.at += 1;
                let inner = self.expression(0)?;
                self.expect(")")?;
                Ok(inner)
            }
            Some(sign @ ('-' | '!')) => {
                self.at += 1;
                let inner = self.expression(SIGN)?;
                Ok(self.unary(if sign == '-' { Unary::Minus } else { Unary::Not }, inner))
            }
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if c.is_alphabetic() => match self.word() {
                row @ ("a" | "b") if self.rest().starts_with('.') => self.column(row == "b", at),
                "size" => self.leaf(Op::Size, [3, 3], false),
                function if self.next() == Some('(') => self.call(function, at),
                name => self.unknown(name, at),
            },
            _ => self.fail(at, format!("A value was expected, not {}.", self.shown())),
        }
    }

    fn number(&mut self) -> Result<Part> {
        let (text, digit) = (self.rest().as_bytes(), |b: &u8| b.is_ascii_digit() || *b == b'.');
        let mut n = text.iter().take_while(|b| digit(b)).count();
        if let [b'e' | b'E', behind @ ..] = &text[n..] {
            let sign = usize::from(matches!(behind.first(), Some(b'+' | b'-')));
            let digits = behind[sign..].iter().take_while(|b| b.is_ascii_digit()).count();
            n += if digits > 0 { 1 + sign + digits } else { 0 };
        }
        match fast_float2::parse::<f64, _>(&text[..n]).ok().filter(|number| number.is_finite()) {
            Some(number) => {
                self.at += n;
                let hash = mix(4, number.to_bits(), 0);
                self.leaf(Op::Number(number), [hash; 2], number % 2.0 == 0.0)
            }
            None => self.fail(self.at, format!("\"{}\" is not a number.", &self.rest()[..n])),
        }
    }

    /// Letters, digits and `_`.
    fn word(&mut self) -> &'a str {
        let end = self.rest().find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.rest().len());
        let word = &self.rest()[..end];
        self.at += end;
        word
    }

    /// What follows `a` or `b`: a point and a name.
    fn column(&mut self, is_b: bool, start: usize) -> Result<Part> {
        self.at += 1;
        let name = match self.rest().strip_prefix('"').map(|quoted| quoted.split_once('"')) {
            Some(Some((name, _))) => {
                self.at += name.len() + 2;
                name
            }
            Some(None) => return self.fail(self.at, "This quotation mark is never closed.".into()),
            None => self.word(),
        };
        let same = |other: &&str| plain(other).eq(plain(name)) && plain(name).next().is_some();
        let weight = self.weight_name.filter(|weight| *weight == name || same(weight));
        let exact = self.columns.iter().position(|column| *column == name);
        let column = exact.or_else(|| self.columns.iter().position(same).filter(|_| weight.is_none()));
        let (ops, tag) = match column {
            _ if name == "weight" => ([Op::WeightA, Op::WeightB], 0),
            Some(column) => ([Op::A(column as u32), Op::B(column as u32)], 1 + column as u64),
            None if weight.is_some() => ([Op::WeightA, Op::WeightB], 0),
            None => return self.unknown(&self.text[start..self.at], start),
        };
        let hashes = [mix(1, tag, 0), mix(2, tag, 0)];
        match is_b {
            false => self.leaf(ops[0], hashes, false),
            true => self.leaf(ops[1], [hashes[1], hashes[0]], false),
        }
    }

    /// Says which names there are.
    fn unknown<T>(&self, name: &str, at: usize) -> Result<T> {
        let shown =
            |name: &str| match name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.is_empty() {
                true => format!("a.{name}, b.{name}"),
                false => format!("a.\"{name}\", b.\"{name}\""),
            };
        let columns = self.columns.iter().take(20).map(|name| shown(name));
        let known: Vec<String> = ["size".to_owned(), shown("weight")].into_iter().chain(columns).collect();
        let functions: Vec<&str> = functions().collect();
        let (known, functions) = (known.join(", "), functions.join(", "));
        self.fail(at, format!("\"{name}\" is not known. Values: {known}. Functions: {functions}."))
    }

    fn call(&mut self, name: &str, at: usize) -> Result<Part> {
        if !functions().any(|function| function == name) {
            return self.unknown(name, at);
        }
        self.expect("(")?;
        let mut parts = vec![self.expression(0)?];
        let binary = BINARY.into_iter().find(|function| function.0 == name).map(|function| function.1);
        while self.take(",") {
            let part = self.expression(0)?;
            match binary {
                // Any number of values, two at a time.
                Some(binary @ (Binary::Min | Binary::Max)) => {
                    parts = vec![self.binary(binary, parts[0], part)]
                }
                _ => parts.push(part),
            }
        }
        self.expect(")")?;
        match (parts.as_slice(), binary) {
            ([part], None) if name != "if" => {
                let unary = UNARY.into_iter().find(|function| function.0 == name);
                Ok(self.unary(unary.map_or(Unary::Known, |function| function.1), *part))
            }
            ([part], Some(Binary::Min | Binary::Max)) => Ok(*part),
            ([x, y], Some(binary)) => Ok(self.binary(binary, *x, *y)),
            ([condition, x, y], None) if name == "if" => {
                let hash = |i: usize| mix(mix(5, condition.hashes[i], 0), x.hashes[i], y.hashes[i]);
                self.emit(Op::If, 2);
                Ok(Part { hashes: [hash(0), hash(1)], unsigned: None, is_even: false })
            }
            _ => {
                let takes = if name == "if" { 3 } else { 1 + usize::from(binary.is_some()) };
                self.fail(at, format!("{name} takes {takes} value(s), not {}.", parts.len()))
            }
        }
    }

    /// Writes an operation that takes `fewer` values more than it gives.
    fn emit(&mut self, op: Op, fewer: usize) {
        self.code.push(op);
        self.height -= fewer;
    }

    fn leaf(&mut self, op: Op, hashes: [u64; 2], is_even: bool) -> Result<Part> {
        if self.height == DEEPEST {
            return self.fail(self.at, format!("More than {DEEPEST} values wait here for an operator."));
        }
        self.code.push(op);
        self.height += 1;
        Ok(Part { hashes, unsigned: None, is_even })
    }

    fn unary(&mut self, unary: Unary, of: Part) -> Part {
        let seen = of.unsigned.filter(|_| unary == Unary::Abs).unwrap_or(of.hashes);
        self.emit(Op::Unary(unary), 0);
        Part { hashes: seen.map(|hash| mix(6 + unary as u64, hash, 0)), unsigned: None, is_even: false }
    }

    fn binary(&mut self, binary: Binary, x: Part, y: Part) -> Part {
        self.emit(Op::Binary(binary), 1);
        let seen = x.unsigned.filter(|_| binary == Binary::Power && y.is_even).unwrap_or(x.hashes);
        let both = |ordered: bool| {
            [0, 1].map(|i| {
                let (x, y) = (seen[i], y.hashes[i]);
                let tag = 20 + binary as u64;
                if ordered { mix(tag, x, y) } else { mix(tag, x.min(y), x.max(y)) }
            })
        };
        let unsigned = (binary == Binary::Subtract).then(|| both(false));
        Part { hashes: both(!binary.commutes()), unsigned, is_even: false }
    }
}

fn functions() -> impl Iterator<Item = &'static str> {
    UNARY.iter().map(|f| f.0).chain(BINARY.iter().map(|f| f.0)).chain(["if"])
}

/// The name's letters and digits, in lower case.
fn plain(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Three words to one (multiplications and shifts as in SplitMix64, Steele 2014).
fn mix(tag: u64, x: u64, y: u64) -> u64 {
    let step = |h: u64, word: u64| {
        let h = (h ^ word).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (h ^ (h >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb).rotate_left(31)
    };
    step(step(step(0x9e37_79b9_7f4a_7c15, tag), x), y)
}
