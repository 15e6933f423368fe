//! Panels of lines over logarithmic axes, as SVG: one look for light and dark pages.

use std::fmt::Write;

/// One line.
pub struct Line {
    /// What it is.
    pub name: &'static str,
    /// [x, y], both above 0, by rising x.
    pub points: Vec<[f64; 2]>,
}

impl Line {
    #[allow(dead_code, reason = "not every plot says it")]
    /// The power p of y = c x^p that fits best, by least squares of the logarithms.
    pub fn power(&self) -> f64 {
        let logs: Vec<[f64; 2]> = self.points.iter().map(|p| p.map(|v| v.max(1e-9).ln())).collect();
        let n = logs.len() as f64;
        let mean = |axis: usize| logs.iter().map(|p| p[axis]).sum::<f64>() / n;
        let (mx, my) = (mean(0), mean(1));
        let over = logs.iter().map(|p| (p[0] - mx) * (p[1] - my)).sum::<f64>();
        over / logs.iter().map(|p| (p[0] - mx).powi(2)).sum::<f64>()
    }
}

/// One pair of axes.
pub struct Panel {
    /// What x is.
    pub title: &'static str,
    /// The lines; all panels have the same ones.
    pub lines: Vec<Line>,
}

/// Okabe and Ito's colors, told apart by color-blind readers too.
const COLORS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const WIDTH: f64 = 250.0;
const HEIGHT: f64 = 230.0;
/// Room left of, above and below each pair of axes.
const LEFT: f64 = 52.0;
const TOP: f64 = 56.0;
const BOTTOM: f64 = 50.0;

/// All panels side by side over one common y axis in seconds.
pub fn draw(panels: &[Panel]) -> String {
    let all = |axis: usize| {
        panels
            .iter()
            .flat_map(move |p| p.lines.iter().flat_map(move |l| l.points.iter().map(move |p| p[axis])))
    };
    let (low, high) = decades(all(1));
    let y = |v: f64| TOP + HEIGHT * (1.0 - (v.log10().max(low) - low) / (high - low));
    let step = LEFT + WIDTH;
    let (width, height) = (step * panels.len() as f64 + 20.0, TOP + HEIGHT + BOTTOM);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"system-ui, sans-serif\" \
         font-size=\"12\" fill=\"#24292f\">\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#fff\"/>\n"
    );
    let names = panels.first().map_or(&[][..], |panel| &panel.lines);
    for (i, (line, color)) in names.iter().zip(COLORS).enumerate() {
        let x = LEFT + 95.0 * i as f64;
        let name = line.name;
        put(
            &mut svg,
            format_args!(
                "<path d=\"M{x} 22h18\" stroke=\"{color}\" stroke-width=\"2.5\"/><text x=\"{}\" y=\"26\">{name}</text>",
                x + 24.0
            ),
        );
    }
    for (i, panel) in panels.iter().enumerate() {
        let left = LEFT + step * i as f64;
        let xs = || panel.lines.iter().flat_map(|line| line.points.iter().map(|p| p[0]));
        let (first, last) = (xs().fold(f64::MAX, f64::min), xs().fold(0.0, f64::max));
        let x = |v: f64| left + 12.0 + (WIDTH - 24.0) * (v / first).ln() / (last / first).ln();
        for decade in low as i32..=high as i32 {
            let at = y(10f64.powi(decade));
            put(&mut svg, format_args!("<path d=\"M{left} {at:.1}h{WIDTH}\" stroke=\"#d8dee4\"/>"));
            put(
                &mut svg,
                format_args!(
                    "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#57606a\">{}</text>",
                    left - 6.0,
                    at + 4.0,
                    seconds(decade)
                ),
            );
        }
        let ticks = panel.lines.first().map_or(&[][..], |line| &line.points);
        for &[v, _] in ticks {
            put(
                &mut svg,
                format_args!(
                    "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#57606a\">{}</text>",
                    x(v),
                    TOP + HEIGHT + 18.0,
                    short(v)
                ),
            );
        }
        put(
            &mut svg,
            format_args!(
                "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-weight=\"600\">{}</text>",
                left + WIDTH / 2.0,
                TOP + HEIGHT + 38.0,
                panel.title
            ),
        );
        for (line, color) in panel.lines.iter().zip(COLORS) {
            let path: Vec<String> =
                line.points.iter().map(|p| format!("{:.1},{:.1}", x(p[0]), y(p[1]))).collect();
            put(
                &mut svg,
                format_args!(
                    "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>",
                    path.join(" ")
                ),
            );
            for p in &line.points {
                put(
                    &mut svg,
                    format_args!(
                        "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{color}\"/>",
                        x(p[0]),
                        y(p[1])
                    ),
                );
            }
        }
    }
    svg + "</svg>\n"
}

fn put(svg: &mut String, element: std::fmt::Arguments) {
    writeln!(svg, "{element}").expect("text grows");
}

/// The powers of ten around all values.
fn decades(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
    let (low, high) = (low.max(1e-3).log10().floor(), high.log10().ceil());
    (low, high.max(low + 1.0))
}

fn seconds(decade: i32) -> String {
    match decade {
        ..0 => format!("{} ms", 10i64.pow((3 + decade).max(0) as u32)),
        _ => format!("{} s", 10i64.pow(decade as u32)),
    }
}

/// 250k, 2M.
fn short(v: f64) -> String {
    match v {
        1e6.. => format!("{}M", v / 1e6),
        1e3.. => format!("{}k", v / 1e3),
        _ => v.to_string(),
    }
}
