//! How many points a frame draws: all that the screen can show when still, what the device keeps up with in motion.
//!
//! The points left out are the first in the order of drawing (order.rs). A frame's time is known only from when the
//! browser asks for the next one, so the caller tells how far apart frames of one motion came.

use super::order::TOP;

/// Frames of a motion should come so far apart, in ms: 30 a second.
const AIM_MS: f64 = 33.0;

/// Above this the device is behind; below [`EASY_MS`] it could do more. Between them nothing changes.
const LATE_MS: f64 = 42.0;
const EASY_MS: f64 = 25.0;

/// Points in view per device px beyond which more would not be seen: each disc covers more than two.
const PER_PX: f64 = 2.0;

/// Detail of moving pictures, learned from frame to frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detail {
    /// Points that a frame in motion draws at most.
    most: f64,
    moving: bool,
}

impl Default for Detail {
    fn default() -> Self {
        Detail { most: f64::INFINITY, moving: false }
    }
}

impl Detail {
    /// A frame of a motion follows. `interval`, if known, is how many ms after the one before; `drawn` were drawn.
    pub fn moved(&mut self, interval: f64, drawn: usize) {
        let drawn = drawn as f64;
        if self.moving && interval > LATE_MS {
            // At most to a quarter at once: one late frame may have had other reasons.
            self.most = (drawn * (AIM_MS / interval).max(0.25)).max(TOP as f64);
        } else if self.moving && interval > 0.0 && interval < EASY_MS {
            self.most = self.most.max(1.3 * drawn);
        }
        self.moving = true;
    }

    /// Whether the next frame is one of a motion.
    pub fn is_moving(&self) -> bool {
        self.moving
    }

    /// The motion is over; whether it was one.
    pub fn rest(&mut self) -> bool {
        std::mem::replace(&mut self.moving, false)
    }

    /// Points to draw, the last ones in order, of `n`, `seen` of which are in view on `px` device px.
    pub fn count(&self, n: usize, seen: f64, px: f64) -> usize {
        let shown = (seen / n.max(1) as f64).max(1e-9);
        let enough = (PER_PX * px / shown).max(TOP as f64);
        let count = if self.moving { enough.min(self.most) } else { enough };
        // `as` saturates.
        (count as usize).min(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PX: f64 = 1e6;

    #[test]
    fn motion_finds_what_the_device_draws_in_time() {
        let n = 1_000_000;
        let mut detail = Detail::default();
        let mut counts = Vec::new();
        for _ in 0..40 {
            let count = detail.count(n, n as f64, PX);
            detail.moved(count as f64 * 600.0 / n as f64, count);
            counts.push(count);
        }
        let last = *counts.last().unwrap() as f64 * 600.0 / n as f64;
        assert!((EASY_MS..=LATE_MS).contains(&last), "{last} ms at the end");
        assert!(counts[7] < 100_000, "soon: {counts:?}");
        assert!(detail.rest() && !detail.rest());
        assert_eq!(detail.count(n, n as f64, PX), n, "all when still");
    }

    #[test]
    fn no_more_than_can_be_seen_and_never_none() {
        let detail = Detail::default();
        assert_eq!(detail.count(10_000_000, 1e7, PX), 2_000_000);
        assert_eq!(detail.count(10_000_000, 1e4, PX), 10_000_000, "from near all of them");
        assert_eq!(detail.count(100, 0.0, 1.0), 100);
        let mut slow = Detail::default();
        (0..99).for_each(|_| slow.moved(1e4, TOP));
        assert_eq!(slow.count(1_000_000, 1e6, PX), TOP);
    }
}
