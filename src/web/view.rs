//! The page's view of a map: a canvas, the camera, picking and colors, for JavaScript.
//!
//! Only converts: the scene is in draw/, the grid and the colors are in explore/. Lengths are CSS px with the origin
//! at the canvas's top left corner; map coordinates have y upward. Ids out of range and numbers that are not finite
//! never throw: they mean "none" or are ignored, because a link, a resize or a worker can bring them at any time.

use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, WebGl2RenderingContext, WebGlContextAttributes, WebGlPowerPreference};

use super::index::{Screen, whole};
use super::to_js;
use crate::draw::{Device, Scene, State, luminance};
use crate::error::{Error, ErrorKind};
use crate::explore::{Grid, Query, color, names_in_space::Names};
use crate::flight::Flight;

/// How far from a disc's edge the pointer may be to mean it, in CSS px, unless the caller says otherwise.
const TOLERANCE_PX: f64 = 5.0;

/// What a context can do only once it was asked for: a new one is at its making, one that is back has to be again.
const EXTENSIONS: [&str; 4] = [
    "EXT_color_buffer_float",
    "EXT_color_buffer_half_float",
    "EXT_float_blend",
    "KHR_parallel_shader_compile",
];

/// A map on a canvas.
#[wasm_bindgen]
pub struct View {
    pub(super) canvas: HtmlCanvasElement,
    context: WebGl2RenderingContext,
    pub(super) scene: Scene,
    /// What is where on the screen of a galaxy.
    pub(super) screen: Option<Screen>,
    /// What is where on the flat map: see index.rs.
    pub(super) grid: Option<Grid>,
    pub(super) popularity: Vec<u32>,
    /// The ids of items whose names a galaxy may show, and what is shown of these.
    #[cfg_attr(not(feature = "modes"), expect(dead_code))] // Only the whole view has them.
    pub(super) names: (Vec<u32>, Names),
    /// Whether colors show popularity, which depends on the background.
    colored_by_nothing: bool,
    /// The way that the camera is on.
    pub(super) flight: Option<Flight>,
}

/// Where the camera is: a plain object for JavaScript.
#[derive(Serialize)]
struct CameraState {
    x: f64,
    y: f64,
    zoom: f64,
}

fn no_webgl2(problem: &str) -> JsValue {
    to_js(Error::new(ErrorKind::Drawing { problem: problem.into() }))
}

impl View {
    /// What is on screen, for Rust.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    fn theme(&self) -> color::Theme {
        color::Theme { dark: luminance(self.scene.background()) < 0.5 }
    }

    fn set_colors(&mut self, colors: &[color::Rgb]) -> Result<(), JsValue> {
        self.scene.set_ramp(None);
        self.scene.set_colors(colors).map_err(to_js)
    }
}

#[wasm_bindgen]
impl View {
    /// Takes the canvas over. Throws an ErrorObject with code "drawing" when there is no WebGL2 for it.
    #[wasm_bindgen(constructor)]
    pub fn new(canvas: HtmlCanvasElement) -> Result<View, JsValue> {
        let options = WebGlContextAttributes::new();
        // Opaque, and discs antialias themselves: nothing is spent on what is not used.
        options.set_alpha(false);
        options.set_antialias(false);
        options.set_depth(false);
        options.set_stencil(false);
        options.set_power_preference(WebGlPowerPreference::HighPerformance);
        let found = canvas.get_context_with_context_options("webgl2", &options);
        let context =
            found.ok().flatten().and_then(|object| object.dyn_into::<WebGl2RenderingContext>().ok());
        let context = context.ok_or_else(|| no_webgl2("this browser gives no WebGL2"))?;
        if context.is_context_lost() {
            return Err(no_webgl2("the graphics device was lost"));
        }
        let device = Device::new(glow::Context::from_webgl2_context(context.clone()));
        let scene = Scene::new(device).map_err(to_js)?;
        let (grid, screen, popularity, flight) = (None, None, Vec::new(), None);
        let names = (Vec::new(), Names::default());
        Ok(View { canvas, context, scene, screen, grid, popularity, names, colored_by_nothing: true, flight })
    }

    /// Shows another set of items, one for each popularity, not placed yet. Clears hover, selection and colors.
    #[wasm_bindgen(js_name = setItems)]
    pub fn set_items(&mut self, popularity: Vec<u32>) -> Result<(), JsValue> {
        self.scene.set_items(&popularity);
        self.popularity = popularity;
        (self.grid, self.screen) = (None, None);
        self.color_by_nothing()
    }

    /// Places the items: x0, y0, x1, y1, ... in map units. Items with a coordinate that is not finite are hidden. The
    /// camera stays. Throws, and changes nothing, when the length is not twice the number of items.
    #[wasm_bindgen(js_name = setPositions)]
    pub fn set_positions(&mut self, xy: &[f32]) -> Result<(), JsValue> {
        self.scene.set_positions(xy).map_err(to_js)?;
        self.grid = None;
        Ok(())
    }

    /// The same, but the items will move there from where they are now: call `setBlend` in each frame. A call before
    /// they have arrived turns them from where they are. Until then nothing can be picked.
    #[wasm_bindgen(js_name = moveTo)]
    pub fn move_to(&mut self, xy: &[f32]) -> Result<(), JsValue> {
        self.scene.move_to(xy).map_err(to_js)?;
        self.grid = None;
        Ok(())
    }

    /// How far moving items have come: 0 = where they were .. 1 = where they will stay.
    #[wasm_bindgen(js_name = setBlend)]
    pub fn set_blend(&mut self, blend: f64) {
        self.scene.set_blend(blend);
    }

    /// How each item is shown: 0 plain, 1 highlighted, 2 dimmed, 3 hidden; an empty array makes all plain.
    #[wasm_bindgen(js_name = setStates)]
    pub fn set_states(&mut self, states: &[u8]) -> Result<(), JsValue> {
        self.scene.set_states(states).map_err(to_js)
    }

    /// A frame of a motion follows, so many ms after the one before (0 = not known): it has so much detail as the
    /// device shows in time. 0 when still: then the next frame has all.
    #[wasm_bindgen(js_name = setMotion)]
    pub fn set_motion(&mut self, moving: bool, interval: f64) {
        if moving { self.scene.moved(interval) } else { self.scene.rest() }
    }

    /// Shows the whole map with a margin.
    pub fn fit(&mut self) {
        self.scene.with_camera(|camera| camera.fit());
    }

    /// Colors by popularity, without a legend.
    #[wasm_bindgen(js_name = colorByNothing)]
    pub fn color_by_nothing(&mut self) -> Result<(), JsValue> {
        self.colored_by_nothing = true;
        self.set_colors(&color::by_popularity(&self.popularity, self.theme()))?;
        self.scene.set_ramp(Some(*self.theme().popularity()));
        Ok(())
    }

    /// Colors by one number per item (NaN = missing). Returns the legend: {kind: "number", min, max,
    /// stops: [{at, color}], missing, missingColor}.
    #[wasm_bindgen(js_name = colorByNumber)]
    pub fn color_by_number(&mut self, values: &[f32]) -> Result<JsValue, JsValue> {
        let (colors, legend) = color::by_number(values, self.theme());
        self.set_colors(&colors)?;
        self.colored_by_nothing = false;
        Ok(serde_wasm_bindgen::to_value(&legend)?)
    }

    /// Colors by one category code per item, each below `n` or missing. Returns the legend: {kind: "category",
    /// entries: [{code, color, count}], missing, missingColor}, largest first, code -1 = all others.
    #[wasm_bindgen(js_name = colorByCategory)]
    pub fn color_by_category(&mut self, codes: &[u32], n: u32) -> Result<JsValue, JsValue> {
        let (colors, legend) = color::by_category(codes, n, self.theme());
        self.set_colors(&colors)?;
        self.colored_by_nothing = false;
        Ok(serde_wasm_bindgen::to_value(&legend)?)
    }

    /// The canvas has this CSS size now. Sets its drawing buffer: round(CSS px * ratio), within the device's limits.
    pub fn resize(&mut self, css_width: f64, css_height: f64, device_pixel_ratio: f64) {
        let [width, height] = self.scene.buffer_for(css_width, css_height, device_pixel_ratio);
        if self.canvas.width() != width {
            self.canvas.set_width(width);
        }
        if self.canvas.height() != height {
            self.canvas.set_height(height);
        }
        // The browser may give less than was asked for; a lost context gives 0.
        let given = [self.context.drawing_buffer_width(), self.context.drawing_buffer_height()];
        let buffer =
            if given.iter().all(|&side| side > 0) { given.map(|side| side as u32) } else { [width, height] };
        self.scene.resize(css_width, css_height, buffer);
    }

    /// Moves the map by CSS px.
    pub fn pan(&mut self, dx: f64, dy: f64) {
        self.scene.with_camera(|camera| camera.pan(dx, dy));
    }

    /// Zooms by a factor (> 1 = in) around a CSS px, which keeps its place of the map.
    #[wasm_bindgen(js_name = zoomAt)]
    pub fn zoom_at(&mut self, x: f64, y: f64, factor: f64) {
        self.scene.with_camera(|camera| camera.zoom_at(x, y, factor));
    }

    /// Where the camera is: {x, y, zoom}, map coordinates of the canvas's center and CSS px per map unit.
    pub fn camera(&self) -> Result<JsValue, JsValue> {
        let camera = self.scene.camera();
        let [x, y] = camera.center();
        Ok(serde_wasm_bindgen::to_value(&CameraState { x, y, zoom: camera.zoom() })?)
    }

    /// Moves the camera. Clamped to the map; ignored unless all three are finite and zoom > 0.
    #[wasm_bindgen(js_name = setCamera)]
    pub fn set_camera(&mut self, x: f64, y: f64, zoom: f64) {
        self.scene.with_camera(|camera| camera.set([x, y], zoom));
    }

    /// The item under a CSS px, or the nearest within `radius` px of its edge (5 unless given); -1 = none.
    pub fn pick(&mut self, x: f64, y: f64, radius: Option<f64>) -> i32 {
        let tolerance = radius.unwrap_or(TOLERANCE_PX).max(0.0);
        if let Some(id) = self.pick_space([x, y], tolerance) {
            return id;
        }
        let (look, camera, cloud) = (self.scene.disc_sizes(), self.scene.camera(), self.scene.cloud());
        if cloud.is_moving() {
            return -1;
        }
        let grid = whole(&mut self.grid, cloud);
        let disc = |size: f64| 0.5 * look.diameter(size) / camera.zoom();
        let tolerance = tolerance / camera.zoom();
        let (at, max_radius) = (camera.to_map([x, y]), disc(1.0));
        let query = Query { at, tolerance, max_radius, sorted: !cloud.has_states() };
        let order = |id| match cloud.state(id) {
            State::Highlighted => cloud.slot(id) | 1 << 31,
            _ => cloud.slot(id),
        };
        let radius = |id| match cloud.state(id) {
            State::Hidden => f64::NEG_INFINITY,
            _ => disc(cloud.size(id)),
        };
        let found = grid.pick(cloud.xy(), query, order, radius, |size| disc(f64::from(size) / 255.0));
        found.and_then(|id| i32::try_from(id).ok()).unwrap_or(-1)
    }

    /// The CSS px [x, y] of an item, for its label; [NaN, NaN] when it is hidden or there is no such item.
    pub fn project(&self, id: i32) -> Vec<f32> {
        let at = u32::try_from(id).ok().and_then(|id| self.scene.to_screen(id));
        let px = at.unwrap_or([f64::NAN; 2]);
        px.map(|px| px as f32).to_vec()
    }

    /// The diameter in CSS px of an item's disc as drawn now; 0 when there is no such item.
    pub fn diameter(&self, id: i32) -> f64 {
        let id = u32::try_from(id).ok().filter(|&id| (id as usize) < self.scene.cloud().len());
        id.map_or(0.0, |id| self.scene.diameter(id))
    }

    /// Marks an item as hovered; -1 = none.
    #[wasm_bindgen(js_name = setHover)]
    pub fn set_hover(&mut self, id: i32) {
        self.scene.set_hovered(u32::try_from(id).ok());
    }

    /// Marks an item as selected; -1 = none.
    #[wasm_bindgen(js_name = setSelected)]
    pub fn set_selected(&mut self, id: i32) {
        self.scene.set_selected(u32::try_from(id).ok());
    }

    /// Sets the color behind the points, 0..=255 each. From dark to light or back, color a column again: its colors
    /// and its legend follow the background.
    #[wasm_bindgen(js_name = setBackground)]
    pub fn set_background(&mut self, r: u8, g: u8, b: u8) -> Result<(), JsValue> {
        self.scene.set_background([r, g, b]);
        if self.colored_by_nothing { self.color_by_nothing() } else { Ok(()) }
    }

    /// Whether the shaders are compiled; until then nothing is drawn. From the first call on no draw waits for it, and what
    /// comes to need other shaders is drawn when those are there. Throws when the device can not compile one.
    pub fn compiled(&self) -> Result<bool, JsValue> {
        self.scene.device().be_patient();
        self.scene.device().compiled().map_err(to_js)
    }

    /// Whether a draw would change the picture.
    #[wasm_bindgen(js_name = needsDraw)]
    pub fn needs_draw(&self) -> bool {
        self.scene.needs_draw()
    }

    /// Draws if something changed; whether it did. Call it in an animation frame.
    pub fn draw(&mut self) -> bool {
        self.scene.draw()
    }

    /// Call it on "webglcontextlost", after `preventDefault()`. All calls stay safe.
    #[wasm_bindgen(js_name = contextLost)]
    pub fn context_lost(&mut self) {
        self.scene.lost();
    }

    /// Call it on "webglcontextrestored": makes every resource again; the next draw is complete.
    #[wasm_bindgen(js_name = contextRestored)]
    pub fn context_restored(&mut self) -> Result<(), JsValue> {
        for name in EXTENSIONS {
            let _ = self.context.get_extension(name); // it may have none of them
        }
        self.scene.restored().map_err(to_js)
    }

    /// Points of a frame drawn now, and bytes of all points on the GPU.
    #[wasm_bindgen(js_name = load)]
    pub fn load(&self) -> Vec<u32> {
        [self.scene.count(), self.scene.bytes()].map(|n| u32::try_from(n).unwrap_or(u32::MAX)).to_vec()
    }

    /// GPU objects alive.
    #[wasm_bindgen(js_name = liveResources)]
    pub fn live_resources(&self) -> u32 {
        self.scene.device().live()
    }

    /// The oldest GL error not read yet; 0 = none. Waits for the GPU: for tests.
    #[wasm_bindgen(js_name = glError)]
    pub fn gl_error(&self) -> u32 {
        self.scene.device().error()
    }

    /// The picture drawn last, RGBA, lowest row first. Right after [`View::draw`], in the same task: for tests.
    #[wasm_bindgen(js_name = readPixels)]
    pub fn read_pixels(&self) -> Vec<u8> {
        self.scene.device().read_pixels(self.scene.buffer())
    }
}
