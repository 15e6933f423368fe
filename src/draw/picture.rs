//! Pictures of what is on screen, finer than the screen: drawn in tiles beside it.
//!
//! A tile is drawn as the screen is, by the same commands, through a camera that shows a part of the screen. What follows
//! from the whole view (how crowded it is, how many points and lines are drawn, the counts of a density and how they are
//! shown) is fixed before. A tile is drawn with a margin that is
//! not kept: some devices leave out discs whose middle is beyond the edge. What is hovered is left out, its lines too: the
//! pointer may move between two tiles.

use super::density_view::Shot;
use super::detail::Detail;
use super::gl::offscreen::Offscreen;
use super::lines::View;
use super::points::Look;
use super::space::DepthLook;
use super::{LAYERS, Scene};
use crate::error::{Error, ErrorKind, Result};

/// What all tiles of a picture have in common.
#[derive(Clone, Copy)]
pub(super) struct Whole {
    pub look: Look,
    pub count: usize,
    pub lines: Option<View>,
    /// How discs look in a galaxy.
    pub depth: Option<DepthLook>,
    /// The part of the picture that is density, and where that is counted: once, for all tiles.
    pub share: f64,
    pub shot: Option<Shot>,
    /// The lower left corner of the tile that is drawn, in px of the picture.
    pub corner: [f32; 2],
}

/// A part of a picture, in its px from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Its own upper left corner.
    pub at: [u32; 2],
    /// Width and height.
    pub size: [u32; 2],
}

/// Room for the ring around a mark, in CSS px.
const RING: f64 = 8.0;

impl Scene {
    /// Width and height of a picture that has `scale` px for each px of the screen.
    pub fn picture_size(&self, scale: f64) -> [u32; 2] {
        self.buffer.map(|side| ((f64::from(side) * scale).round() as u32).max(1))
    }

    /// The pixels of a part of such a picture: RGBA, not premultiplied, upper row first. `paper` is the color behind the
    /// points; none = transparent. Waits for the GPU. The screen stays as it is.
    pub fn tile(&mut self, scale: f64, tile: Tile, paper: Option<[u8; 3]>) -> Result<Vec<u8>> {
        // So that nothing is left to be compiled or sent, and the density of the points is known.
        self.device.compile()?;
        let drew = self.draw();
        let size = self.picture_size(scale);
        let fits = (0..2).all(|axis| {
            let end = tile.at[axis].saturating_add(tile.size[axis]);
            tile.size[axis] > 0 && end <= size[axis] && tile.size[axis] <= self.limits.buffer[axis]
        });
        if self.resources.is_none() || !fits {
            let problem = "there is no such part of a picture now".to_string();
            return Err(Error::new(ErrorKind::Drawing { problem }));
        }
        let (orbit, cut) = (self.space.as_ref().map(|space| space.orbit), self.lines.are_cut());
        let kept =
            (self.camera, self.buffer, self.background, self.detail, self.display, self.hovered, self.drawn);
        (self.buffer, self.detail, self.hovered, self.display.twinkle) = (size, Detail::default(), None, 0.0);
        self.background = paper.unwrap_or(self.background);
        self.whole = Some(self.whole());
        let pixels = self.draw_tile(tile, paper.is_none());
        (self.camera, self.buffer, self.background, self.detail, self.display, self.hovered, self.drawn) =
            kept;
        if let (Some(space), Some(orbit)) = (&mut self.space, orbit) {
            space.orbit = orbit;
        }
        self.lines.set_cut(cut);
        // Who waits for the next frame of the screen gets it, though it would show nothing new.
        (self.whole, self.changed) = (None, drew);
        pixels
    }

    /// What follows from the whole view.
    fn whole(&self) -> Whole {
        Whole {
            look: self.look(),
            count: self.count(),
            lines: self.lines_view().map(|view| View { layers: LAYERS - 1, ..view }),
            depth: self.space.as_ref().map(|space| self.depth_look(space)),
            share: self.density_share(),
            shot: self.shot(),
            corner: [0.0; 2],
        }
    }

    /// Draws a part of what is as large as the buffer now.
    fn draw_tile(&mut self, tile: Tile, transparent: bool) -> Result<Vec<u8>> {
        let pixel = self.pixel();
        let widest = if self.space.is_some() { self.look().cap } else { self.look().diameter(1.0) };
        let wanted = ((0.5 * widest.max(5.0) + RING) * pixel).ceil() as u32;
        let room = [0, 1].map(|axis| (self.limits.buffer[axis] - tile.size[axis]).saturating_sub(1) / 2);
        let margin = wanted.min(room[0]).min(room[1]);
        // Devices take differences between the px of pairs: these are the same pairs in every tile.
        let low = [tile.at[0], self.buffer[1] - tile.at[1] - tile.size[1]];
        let inner = [0, 1].map(|axis| {
            let fits = tile.size[axis] + 2 * margin < self.limits.buffer[axis];
            margin + if fits { low[axis].abs_diff(margin) % 2 } else { 0 }
        });
        let size = [0, 1].map(|axis| tile.size[axis] + margin + inner[axis]);
        let at =
            [(tile.at[0], inner[0]), (tile.at[1], margin)].map(|(at, out)| f64::from(at) - f64::from(out));
        let (corner, shown) = (at.map(|at| at / pixel), size.map(|side| f64::from(side) / pixel));
        self.camera = self.camera.part(corner, shown);
        if let Some(space) = &mut self.space {
            space.orbit = space.orbit.part(corner, shown);
        }
        if let Some(whole) = &mut self.whole {
            whole.corner = [0, 1].map(|axis| low[axis] as f32 - inner[axis] as f32);
        }
        self.buffer = size;
        let offscreen = Offscreen::new(&self.device, size, transparent)?;
        self.changed = true;
        self.draw();
        let mut pixels = offscreen.read(inner, tile.size);
        drop(offscreen);
        turn_over(&mut pixels, 4 * tile.size[0] as usize);
        if transparent {
            pixels.as_chunks_mut::<4>().0.iter_mut().for_each(divide);
        }
        Ok(pixels)
    }
}

/// Makes the lowest row of `width` bytes the upper one.
fn turn_over(pixels: &mut [u8], width: usize) {
    let rows = pixels.len() / width;
    for row in 0..rows / 2 {
        let (above, below) = pixels.split_at_mut((rows - 1 - row) * width);
        above[row * width..][..width].swap_with_slice(&mut below[..width]);
    }
}

/// Premultiplied color to plain color.
fn divide(pixel: &mut [u8; 4]) {
    let alpha = u32::from(pixel[3]);
    if alpha > 0 && alpha < 255 {
        for channel in &mut pixel[..3] {
            *channel = ((u32::from(*channel) * 255 + alpha / 2) / alpha).min(255) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_turned_over_and_colors_divided() {
        for rows in [1, 2, 5] {
            let mut pixels: Vec<u8> = (0..3 * rows).collect();
            turn_over(&mut pixels, 3);
            let wanted: Vec<u8> = (0..rows).rev().flat_map(|row| 3 * row..3 * row + 3).collect();
            assert_eq!(pixels, wanted);
        }
        let divided = |mut pixel: [u8; 4]| {
            divide(&mut pixel);
            pixel
        };
        assert_eq!(divided([10, 20, 40, 40]), [64, 128, 255, 40]);
        assert_eq!(divided([1, 2, 3, 0]), [1, 2, 3, 0]);
        assert_eq!(divided([1, 2, 3, 255]), [1, 2, 3, 255]);
    }
}
