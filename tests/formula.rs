//! Formulas: hand-worked values, errors with their places, and a tree-walking twin on random formulas.

#![cfg(not(target_arch = "wasm32"))]

use archipelago::count::formula::{DEEPEST, Formula, LONGEST, usable};
use proptest::prelude::*;

const COLUMNS: [&str; 4] = ["time", "pp", "Play count", "Länge"];

fn parse(text: &str) -> Formula {
    Formula::parse_with(text, &COLUMNS, Some("rating")).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The formula for rows (time 10, pp 200, Play count 3, Länge missing; weight 4) and (12, 150, 5, 7; weight 5) of a
/// collection of 8.
fn eval(text: &str) -> f64 {
    let (a, b) = ([10.0, 200.0, 3.0, f64::NAN], [12.0, 150.0, 5.0, 7.0]);
    parse(text).one_way(&a, &b, 4.0, 5.0, 8.0)
}

#[test]
fn values_by_hand() {
    for (text, expected) in [
        ("1", 1.0),
        (".5 + 1e-1", 0.6),
        ("2 + 3 * 4", 14.0),
        ("(2 + 3) * 4", 20.0),
        ("8 - 4 - 2", 2.0),
        ("16 / 4 / 2", 2.0),
        ("2 ^ 3 ^ 2", 512.0),
        ("-2 ^ 2", -4.0),
        ("2 ^ -1", 0.5),
        ("2 * -3", -6.0),
        ("--2", 2.0),
        ("3 - -2", 5.0),
        ("!0 + !7", 1.0),
        ("1 < 2 && 2 < 1 || 3 == 3", 1.0),
        ("1 + 1 == 2", 1.0),
        ("2 != 2", 0.0),
        ("a.time", 10.0),
        ("b.pp - a.pp", -50.0),
        ("a.weight * b.weight", 20.0),
        ("a.rating", 4.0),
        ("size", 8.0),
        ("a.\"Play count\" + b.play_count + a.playcount", 11.0),
        ("b.Länge + b.länge", 14.0),
        ("abs(a.time - b.time)", 2.0),
        ("min(3, 1, 2) + max(3) + max(1, 2)", 6.0),
        ("sqrt(16) + floor(2.7) + floor(-0.5)", 5.0),
        ("pow(2, 10)", 1024.0),
        ("exp(0) + ln(1)", 1.0),
        ("if(a.pp > b.pp, 1, 2)", 1.0),
        ("if(a.Länge > 0, 1, 2)", 2.0),
        ("known(a.Länge) * 10 + known(b.Länge)", 1.0),
        ("if(known(a.Länge), a.Länge, 1)", 1.0),
        ("max(0, 2 * (1 - abs(a.pp - b.pp) / max(a.pp, b.pp) / 0.5))", 1.0),
        ("\n 1 +\t2 ", 3.0),
    ] {
        assert!((eval(text) - expected).abs() < 1e-12, "{text} = {}, not {expected}", eval(text));
    }
    for text in
        ["a.Länge", "min(1, a.Länge)", "max(a.Länge, 1)", "a.Länge ^ 0", "1 ^ a.Länge", "0 / 0", "ln(-1)"]
    {
        assert!(eval(text).is_nan(), "{text} is missing");
    }
    for text in ["a.Länge == a.Länge", "a.Länge != a.Länge", "a.Länge != 1", "a.Länge < 1", "a.Länge >= 1"]
    {
        assert_eq!(eval(text), 0.0, "{text}");
    }
}

#[test]
fn the_same_bits_everywhere() {
    // From libm 0.2; the exact values are 0.935506984..., 2.079441541..., 3.363585661....
    let bits = |text: &str| eval(text).to_bits();
    assert_eq!(bits("exp(-abs(a.time - b.time) / 30)"), 0.935_506_985_031_617_8_f64.to_bits());
    assert_eq!(bits("ln(size)"), 2.079_441_541_679_835_7_f64.to_bits());
    assert_eq!(bits("2 ^ 1.75"), 3.363_585_661_014_858_5_f64.to_bits());
}

#[test]
fn what_counts_as_nothing() {
    for weight in [f64::NAN, -1.0, -0.0, 0.0, f64::INFINITY, f64::NEG_INFINITY, 1e39, 1e-60] {
        assert_eq!(usable(weight).to_bits(), 0, "{weight}");
    }
    assert_eq!(usable(0.5), 0.5);
}

#[test]
fn symmetric_formulas_run_once_and_others_both_ways() {
    for text in [
        "1",
        "size",
        "a.pp * b.pp",
        "a.pp + b.pp + 1",
        "exp(-abs(a.time - b.time) / 30)",
        "(a.time - b.time)^2 + (a.pp - b.pp)^4",
        "min(a.pp, b.pp) / max(a.pp, b.pp)",
        "max(0, 2 * (1 - abs(a.pp - b.pp) / max(a.pp, b.pp) / 0.5))",
        "if(a.rating >= 8 && b.rating >= 8, 1, 0.1) / ln(size)",
        "sqrt(a.weight * b.weight) * (a.pp == b.pp)",
    ] {
        assert!(parse(text).is_symmetric(), "{text}");
    }
    for text in [
        "a.pp",
        "a.pp / b.pp",
        "a.time - b.time",
        "(a.time - b.time)^3",
        "a.pp * b.time",
        "abs(a.pp - b.time)",
    ] {
        assert!(!parse(text).is_symmetric(), "{text}");
    }
    let (a, b) = ([10.0, 200.0, 3.0, 1.0], [12.0, 150.0, 5.0, 7.0]);
    assert_eq!(parse("a.pp").eval(&a, &b, 4.0, 5.0, 8.0), 175.0, "the mean");
    assert_eq!(parse("a.time - b.time").eval(&a, &b, 4.0, 5.0, 8.0), 0.0);
}

#[test]
fn errors_say_where_and_what_is_known() {
    let deep = format!("{}1{}", "(".repeat(200), ")".repeat(200));
    let wide = "1 + (".repeat(DEEPEST) + "1" + &")".repeat(DEEPEST);
    let long = "1+".repeat(LONGEST);
    for (text, column, part) in [
        ("", 1, "A value was expected, not the end."),
        ("1 +", 4, "not the end"),
        ("1 + * 2", 5, "not \"*\""),
        ("(1 + 2", 7, "\")\" was expected, not the end."),
        ("1 2", 3, "An operator was expected, not \"2\"."),
        ("1 = 2", 3, "An operator"),
        ("1)", 2, "An operator"),
        (
            "1 + a.ppp",
            5,
            "\"a.ppp\" is not known. Values: size, a.weight, b.weight, a.time, b.time, a.pp, b.pp, a.\"Play count\"",
        ),
        ("pp + 1", 1, "\"pp\" is not known."),
        ("a + 1", 1, "\"a\" is not known."),
        ("log(2)", 1, "Functions: abs, sqrt, exp, ln, floor, known, min, max, pow, if."),
        ("a.\"Play", 3, "never closed"),
        ("ln(1, 2)", 1, "ln takes 1 value(s), not 2."),
        ("pow(1)", 1, "pow takes 2 value(s), not 1."),
        ("if(1, 2)", 1, "if takes 3"),
        ("1 < size < 5", 10, "two values at a time"),
        ("1.2.3", 1, "\"1.2.3\" is not a number."),
        ("1e999", 1, "not a number"),
        ("ö + Ö", 1, "\"ö\" is not known."),
        ("1 + \"ö\" é", 5, "A value was expected, not \"\"\"."),
        ("1 + é.x", 5, "\"é\" is not known."),
        (deep.as_str(), 101, "nested too deeply"),
        (wide.as_str(), 5 * DEEPEST as u64 + 2, "wait here"),
        (long.as_str(), LONGEST as u64 + 1, "longer than"),
    ] {
        let error = Formula::parse(text, &COLUMNS).expect_err(text);
        assert_eq!(error.code(), "bad-formula");
        assert_eq!(error.place.as_ref().map(|place| place.column), Some(column), "{text}: {error}");
        assert!(error.message().contains(part), "{text}: {error}");
        assert!(error.to_string().starts_with(&format!("formula, column {column}: ")), "{error}");
    }
}

#[test]
fn names_are_found_exactly_first() {
    let columns = ["weight ", "a b", "ab", "rating"];
    let eval = |text: &str| {
        let formula = Formula::parse_with(text, &columns, Some("Rating")).unwrap();
        formula.one_way(&[1.0, 2.0, 3.0, 4.0], &[], 9.0, 9.0, 9.0)
    };
    assert_eq!(eval("a.ab"), 3.0);
    assert_eq!(eval("a.\"a b\""), 2.0);
    assert_eq!(eval("a.A_B"), 2.0, "the first that has these letters");
    assert_eq!(eval("a.weight"), 9.0);
    assert_eq!(eval("a.rating"), 4.0);
    assert_eq!(eval("a.Rating"), 9.0, "the weight's own name");
}

/// A formula as a tree.
#[derive(Clone, Debug)]
enum Tree {
    Number(f64),
    Name(&'static str),
    Unary(&'static str, Box<Tree>),
    Binary(&'static str, Box<Tree>, Box<Tree>),
    Call(&'static str, Vec<Tree>),
}

const NAMES: [&str; 7] = ["a.time", "b.time", "a.pp", "b.pp", "a.weight", "b.weight", "size"];

impl Tree {
    /// Everything in brackets, so that no rule of precedence is needed to read it.
    fn text(&self) -> String {
        match self {
            Tree::Number(n) => format!("{n}"),
            Tree::Name(name) => (*name).to_owned(),
            Tree::Unary(sign, x) => format!("({sign}{})", x.text()),
            Tree::Binary(sign, x, y) => format!("({} {sign} {})", x.text(), y.text()),
            Tree::Call(name, parts) => {
                format!("{name}({})", parts.iter().map(Tree::text).collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn value(&self, names: &[f64; 7]) -> f64 {
        let truth = |x: f64| x != 0.0 && !x.is_nan();
        let number = |condition: bool| if condition { 1.0 } else { 0.0 };
        match self {
            Tree::Number(n) => *n,
            Tree::Name(name) => names[NAMES.iter().position(|other| other == name).unwrap()],
            Tree::Unary(sign, x) => match (*sign, x.value(names)) {
                ("-", x) => -x,
                (_, x) => number(!truth(x)),
            },
            Tree::Binary(sign, x, y) => {
                let (x, y) = (x.value(names), y.value(names));
                match *sign {
                    "+" => x + y,
                    "-" => x - y,
                    "*" => x * y,
                    "/" => x / y,
                    "^" => power(x, y),
                    "<" => number(x < y),
                    "<=" => number(x <= y),
                    ">" => number(x > y),
                    ">=" => number(x >= y),
                    "==" => number(x == y),
                    "!=" => number(!x.is_nan() && !y.is_nan() && x != y),
                    "&&" => number(truth(x) && truth(y)),
                    _ => number(truth(x) || truth(y)),
                }
            }
            Tree::Call(name, parts) => {
                let parts: Vec<f64> = parts.iter().map(|part| part.value(names)).collect();
                let missing = parts.iter().any(|x| x.is_nan());
                match (*name, parts.as_slice()) {
                    ("abs", [x]) => x.abs(),
                    ("sqrt", [x]) => x.sqrt(),
                    ("floor", [x]) => x.floor(),
                    ("exp", [x]) => libm::exp(*x),
                    ("ln", [x]) => libm::log(*x),
                    ("known", [x]) => number(!x.is_nan()),
                    ("pow", [x, y]) => power(*x, *y),
                    ("if", [condition, x, y]) => {
                        if truth(*condition) {
                            *x
                        } else {
                            *y
                        }
                    }
                    ("min" | "max", _) if missing => f64::NAN,
                    ("min", _) => parts.iter().copied().min_by(f64::total_cmp).unwrap(),
                    _ => parts.iter().copied().max_by(f64::total_cmp).unwrap(),
                }
            }
        }
    }
}

fn power(x: f64, y: f64) -> f64 {
    match () {
        () if x.is_nan() || y.is_nan() => f64::NAN,
        () if y == 2.0 => x * x,
        () => libm::pow(x, y),
    }
}

fn trees() -> impl Strategy<Value = Tree> {
    let number = prop_oneof![Just(0.0), Just(1.0), Just(2.0), Just(0.5), 0.0..1e4];
    let leaf =
        prop_oneof![number.prop_map(Tree::Number), proptest::sample::select(&NAMES[..]).prop_map(Tree::Name)];
    leaf.prop_recursive(6, 40, 3, |inner| {
        let signs = vec!["+", "-", "*", "/", "^", "<", "<=", ">", ">=", "==", "!=", "&&", "||"];
        let one = vec!["abs", "sqrt", "floor", "exp", "ln", "known"];
        let boxed = || inner.clone().prop_map(Box::new);
        prop_oneof![
            (proptest::sample::select(vec!["-", "!"]), boxed()).prop_map(|(sign, x)| Tree::Unary(sign, x)),
            (proptest::sample::select(signs), boxed(), boxed())
                .prop_map(|(sign, x, y)| Tree::Binary(sign, x, y)),
            (proptest::sample::select(one), inner.clone()).prop_map(|(name, x)| Tree::Call(name, vec![x])),
            (inner.clone(), inner.clone()).prop_map(|(x, y)| Tree::Call("pow", vec![x, y])),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(c, x, y)| Tree::Call("if", vec![c, x, y])),
            (proptest::sample::select(vec!["min", "max"]), proptest::collection::vec(inner.clone(), 1..4))
                .prop_map(|(name, parts)| Tree::Call(name, parts)),
        ]
    })
}

/// Equal, or both missing.
fn same(x: f64, y: f64) -> bool {
    x == y || x.is_nan() && y.is_nan()
}

fn values() -> impl Strategy<Value = [f64; 7]> {
    let value = prop_oneof![Just(0.0), Just(-0.0), Just(1.0), Just(f64::NAN), -100.0..100.0];
    proptest::collection::vec(value, 7).prop_map(|v| v.try_into().unwrap())
}

proptest! {
    #[test]
    fn the_tree_walking_twin_agrees(tree in trees(), v in values()) {
        let text = tree.text();
        prop_assume!(text.len() <= LONGEST);
        let formula = Formula::parse(&text, &["time", "pp"]).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        let found = formula.one_way(&[v[0], v[2]], &[v[1], v[3]], v[4], v[5], v[6]);
        prop_assert!(same(found, tree.value(&v)), "{} of {:?}: {} and {}", text, v, found, tree.value(&v));
        // However the rows are ordered, the weight is the same.
        let there = formula.eval(&[v[0], v[2]], &[v[1], v[3]], v[4], v[5], v[6]);
        let back = formula.eval(&[v[1], v[3]], &[v[0], v[2]], v[5], v[4], v[6]);
        prop_assert!(same(there, back), "{}: {} and {}", text, there, back);
    }

    #[test]
    fn sums_of_both_ways_round_are_seen_to_be_symmetric(tree in trees(), v in values()) {
        let text = tree.text();
        let exchanged = text.replace("a.", "c.").replace("b.", "a.").replace("c.", "b.");
        for both in [format!("{text} * {exchanged}"), format!("abs(({text}) - ({exchanged}))")] {
            prop_assume!(both.len() <= LONGEST);
            let formula = Formula::parse(&both, &["time", "pp"]).unwrap();
            prop_assert!(formula.is_symmetric(), "{}", both);
            let there = formula.eval(&[v[0], v[2]], &[v[1], v[3]], v[4], v[5], v[6]);
            let back = formula.eval(&[v[1], v[3]], &[v[0], v[2]], v[5], v[4], v[6]);
            prop_assert!(same(there, back), "{}: {} and {}", both, there, back);
        }
    }
}
