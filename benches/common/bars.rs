//! Bars: groups of bars as SVG, for docs/.

use std::fmt::Write;

/// One group: its name and a value from 0 to 1 for each kind of bar.
pub struct Group {
    /// What stands below.
    pub name: String,
    /// One per kind.
    pub values: Vec<f64>,
}

const COLORS: [&str; 4] = ["#2563eb", "#60a5fa", "#9ca3af", "#e5e7eb"];
const BAR: f64 = 16.0;
const GAP: f64 = 22.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 40.0;

/// All groups side by side over one axis from 0 to 1.
pub fn draw(kinds: &[&str], groups: &[Group]) -> String {
    let width_of_group = BAR * kinds.len() as f64 + GAP;
    let (width, height) = (LEFT + width_of_group * groups.len() as f64, TOP + HEIGHT + 96.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#374151\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    let mut say = |text: String| svg.push_str(&(text + "\n"));
    for (k, kind) in kinds.iter().enumerate() {
        let x = LEFT + 170.0 * k as f64;
        say(format!(
            "<rect x=\"{x}\" y=\"10\" width=\"12\" height=\"12\" fill=\"{}\"/><text x=\"{}\" y=\"20\">{kind}</text>",
            COLORS[k % COLORS.len()],
            x + 18.0
        ));
    }
    for tenth in (0..=10).step_by(2) {
        let y = TOP + HEIGHT * (1.0 - f64::from(tenth) / 10.0);
        say(format!("<path d=\"M{LEFT} {y}H{width}\" stroke=\"#e5e7eb\"/><text x=\"{}\" y=\"{}\" text-anchor=\"end\">.{tenth}</text>", LEFT - 6.0, y + 4.0).replace(">.10<", ">1<").replace(">.0<", ">0<"));
    }
    for (g, group) in groups.iter().enumerate() {
        let x = LEFT + GAP / 2.0 + width_of_group * g as f64;
        let mut bars = String::new();
        for (k, value) in group.values.iter().enumerate() {
            let (x, tall) = (x + BAR * k as f64, HEIGHT * value.clamp(0.0, 1.0));
            let y = TOP + HEIGHT - tall;
            // Writing to a String cannot fail.
            _ = write!(
                bars,
                "<rect x=\"{x}\" y=\"{y:.1}\" width=\"{}\" height=\"{tall:.1}\" fill=\"{}\"/>",
                BAR - 2.0,
                COLORS[k % COLORS.len()]
            );
        }
        let (tx, ty) = (x + BAR * kinds.len() as f64 / 2.0, TOP + HEIGHT + 14.0);
        say(format!(
            "{bars}<text x=\"{tx}\" y=\"{ty}\" text-anchor=\"end\" transform=\"rotate(-35 {tx} {ty})\">{}</text>",
            group.name
        ));
    }
    svg + "</svg>\n"
}
