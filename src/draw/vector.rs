//! Pictures as shapes: what is on screen told disc by disc and line by line, in CSS px, for SVG.
//!
//! The same discs, lines and mark as of a picture in tiles (picture.rs), by the formulas of points.vert, line.vert and
//! mark.frag. What those do for the device's pixels alone is left out: no disc or line has a least width.

use super::cloud::State;
use super::detail::Detail;
use super::lines::{FAINT, View};
use super::{LAYERS, RINGS, Scene, unit};

/// A disc as it is on screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disc {
    /// Its middle in CSS px.
    pub at: [f64; 2],
    /// Its radius in CSS px.
    pub radius: f64,
    /// 0..=1.
    pub opacity: f64,
    /// Its color, without the rim, 0..=1 each.
    pub color: [f32; 3],
}

/// A line as it is on screen, or what reaches into that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Its ends in CSS px. It goes on for half its width beyond them.
    pub ends: [[f64; 2]; 2],
    /// Its width in CSS px.
    pub width: f64,
    /// 0..=1.
    pub opacity: f64,
    /// 0..=1 each.
    pub color: [f32; 3],
}

/// Lines, the lowest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strokes {
    /// Those told.
    pub told: Vec<Stroke>,
    /// How many there are.
    pub found: usize,
}

/// The mark of the selected item, as it is on screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ring {
    /// Its middle in CSS px.
    pub at: [f64; 2],
    /// Outer radius of the disc, of the gap and of the ring, rising, in CSS px.
    pub radii: [f64; 3],
    /// Colors of these, 0..=1 each.
    pub colors: [[f32; 3]; 3],
}

/// Part of its own color that a dimmed disc keeps, and part of its opacity, as in points.vert.
const DIMMED: [f32; 2] = [0.4, 0.5];

impl Scene {
    /// What `tell` says of the scene as a picture shows it: still, on the `paper`, as on screen if there is none.
    pub fn on_paper<T>(&mut self, paper: Option<[u8; 3]>, tell: impl FnOnce(&Scene) -> T) -> T {
        let kept = (self.background, self.detail, self.display);
        (self.detail, self.display.twinkle) = (Detail::default(), 0.0);
        self.background = paper.unwrap_or(self.background);
        let told = tell(self);
        (self.background, self.detail, self.display) = kept;
        told
    }

    /// The discs of the points that are in view, the lowest first, and not more than `most` of them: beyond that only
    /// how many there are. No marks.
    pub fn discs(&self, most: usize) -> Result<Vec<Disc>, usize> {
        let (look, [width, height]) = (self.look(), self.camera.screen());
        let items = self.cloud.last(self.count());
        let disc = |&id: &u32| {
            let at = self.camera.to_screen(self.cloud.place(id)?);
            let radius = 0.5 * look.diameter(self.cloud.size(id));
            let seen =
                [(at[0], width), (at[1], height)].iter().all(|&(c, side)| c > -radius && c < side + radius);
            let own = unit(self.cloud.color(id));
            let (color, opacity) = match self.cloud.state(id) {
                State::Plain => (own, look.opacity),
                State::Highlighted => (own, 1.0),
                State::Dimmed => {
                    let paper = unit(self.background);
                    let mixed = [0, 1, 2].map(|i| paper[i] + DIMMED[0] * (own[i] - paper[i]));
                    (mixed, f64::from(DIMMED[1]) * look.opacity)
                }
                State::Hidden => return None,
            };
            seen.then_some((id, Disc { at, radius, opacity, color }))
        };
        let n = items.iter().filter_map(disc).count();
        if n > most {
            return Err(n);
        }
        let mut found: Vec<(u32, Disc)> = items.iter().filter_map(disc).collect();
        found.sort_by_key(|(id, _)| self.cloud.state(*id) == State::Highlighted);
        Ok(found.into_iter().map(|(_, disc)| disc).collect())
    }

    /// The lines that are in view, those of the hovered item aside: at most `most`, of the uppermost layers first, of each
    /// the first ones.
    pub fn strokes(&self, most: usize) -> Strokes {
        let Some(view) = self.lines_view() else { return Strokes::default() };
        let (mut layers, mut found, mut room) = (Vec::new(), 0, most);
        for index in (0..LAYERS - 1).rev() {
            let mut strokes = self.strokes_of(index, &view);
            found += strokes.len();
            strokes.truncate(room);
            room -= strokes.len();
            layers.push(strokes);
        }
        Strokes { told: layers.into_iter().rev().flatten().collect(), found }
    }

    fn strokes_of(&self, index: usize, view: &View) -> Vec<Stroke> {
        let mut layer = self.lines.layers()[index].clone();
        let lines = layer.ends(&self.cloud);
        layer.measure(&lines);
        let style = layer.style;
        let seen = f64::from(style.opacity) * (style.width * view.pixel).min(1.0);
        let stroke = |line: &[[f64; 2]; 2]| {
            let [a, b] = line.map(|end| self.camera.to_screen(end));
            let times = (b[0] - a[0]).hypot(b[1] - a[1]) / (layer.fade * self.camera.zoom());
            let faded = if layer.fade > 0.0 { 1.0 + times * times } else { 1.0 };
            let ends = part_within(a, b, self.camera.screen(), style.width)?;
            let opacity = f64::from(style.opacity) / faded;
            let (width, color) = (style.width, unit(style.color));
            (seen / faded >= FAINT).then_some(Stroke { ends, width, opacity, color })
        };
        lines[..layer.count(&self.camera, view)].iter().filter_map(stroke).collect()
    }

    /// The mark of the selected item, if it has one.
    pub fn ring(&self) -> Option<Ring> {
        let id = self.selected?;
        let mark = self.mark(id, &self.disc_sizes(), RINGS[1])?;
        let at = self.camera.to_screen(self.cloud.place(id)?);
        let radii = mark.radii.map(|radius| f64::from(radius) / self.pixel());
        Some(Ring { at, radii, colors: [mark.disc, mark.gap, mark.ring] })
    }
}

/// The part of a line that lies on a screen with so much `room` around it; none when it misses both.
fn part_within(a: [f64; 2], b: [f64; 2], screen: [f64; 2], room: f64) -> Option<[[f64; 2]; 2]> {
    let (mut from, mut to) = (0.0f64, 1.0f64);
    for axis in [0, 1] {
        let (way, low, high) = (b[axis] - a[axis], -room - a[axis], screen[axis] + room - a[axis]);
        if way == 0.0 {
            if low > 0.0 || high < 0.0 {
                return None;
            }
            continue;
        }
        let (enter, leave) = (low / way, high / way);
        (from, to) = (from.max(enter.min(leave)), to.min(enter.max(leave)));
    }
    let at = |t: f64| [0, 1].map(|axis| if t == 1.0 { b[axis] } else { a[axis] + t * (b[axis] - a[axis]) });
    (from <= to).then(|| [at(from), at(to)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_to_what_is_seen() {
        let screen = [100.0, 50.0];
        let part = |a, b| part_within(a, b, screen, 2.0);
        let inside = [[3.0, 4.0], [90.0, 44.0]];
        assert_eq!(part(inside[0], inside[1]), Some(inside));
        assert_eq!(part([-50.0, 10.0], [150.0, 10.0]), Some([[-2.0, 10.0], [102.0, 10.0]]));
        assert_eq!(part([50.0, 500.0], [50.0, 20.0]), Some([[50.0, 52.0], [50.0, 20.0]]));
        assert_eq!(part([-50.0, 20.0], [40.0, -70.0]), None, "past a corner");
        assert_eq!(part([-9.0, 10.0], [-9.0, 40.0]), None);
        assert_eq!(part([7.0, 7.0], [7.0, 7.0]), Some([[7.0, 7.0]; 2]), "no longer than a point");
        // Against many small steps along the line.
        for i in 0..500 {
            let c = |k: i32| f64::from((i * 7919 + k * 104_729) % 400) - 150.0;
            let (a, b) = ([c(1), c(2)], [c(3), c(4)]);
            let seen = |t: f64| {
                (0..2).all(|axis| {
                    let at = a[axis] + t * (b[axis] - a[axis]);
                    at >= -2.0 && at <= screen[axis] + 2.0
                })
            };
            let steps: Vec<f64> = (0..=2000).map(|t| f64::from(t) / 2000.0).filter(|&t| seen(t)).collect();
            let long = (a[0] - b[0]).hypot(a[1] - b[1]) / 2000.0 + 1e-9;
            match (steps.first(), part(a, b)) {
                (Some(&first), Some([from, _])) => {
                    let wanted = [0, 1].map(|axis| a[axis] + first * (b[axis] - a[axis]));
                    assert!((from[0] - wanted[0]).hypot(from[1] - wanted[1]) <= long, "{a:?} {b:?}");
                }
                (None, Some([from, to])) => assert!((from[0] - to[0]).hypot(from[1] - to[1]) <= 2.0 * long),
                (found, part) => assert!(found.is_none() && part.is_none(), "{a:?} {b:?}"),
            }
        }
    }
}
