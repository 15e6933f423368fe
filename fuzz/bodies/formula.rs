/// Any text gives a formula or an error with a place in it; a formula gives weights that can be added up, the same for
/// both orders of the rows.
pub fn formula(data: &[u8]) {
    use archipelago::count::formula::{Formula, usable};

    let text = String::from_utf8_lossy(data);
    match Formula::parse_with(&text, &["time", "pp", "Play count"], Some("rating")) {
        Err(error) => {
            assert_eq!(error.code(), "bad-formula");
            let column = error.place.as_ref().map_or(0, |place| place.column);
            assert!((1..=text.chars().count() as u64 + 1).contains(&column), "{error}");
        }
        Ok(formula) => {
            let some = [0.0, -0.0, 1.0, -2.5, 1e300, f64::INFINITY, f64::NAN];
            for i in 0..some.len() * some.len() {
                let (x, y) = (some[i / some.len()], some[i % some.len()]);
                let (a, b) = ([x, y, 1.0], [y, x, x]);
                let there = formula.eval(&a, &b, x, 1.0, y);
                let back = formula.eval(&b, &a, 1.0, x, y);
                assert!(there == back || there.is_nan() && back.is_nan(), "{text}: {there} and {back}");
                assert!(usable(there).is_finite() && usable(there) >= 0.0);
            }
        }
    }
}
