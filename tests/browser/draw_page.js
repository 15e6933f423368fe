// The page's side of draw_peers.mjs and pictures.mjs: the same points, drawn by one program; for the bench panned a little in
// every frame.

/** Size of the canvas in CSS px; one device px each. */
const WIDTH = 1280;
const HEIGHT = 800;
/** Diameter of a point in px for the peers: the least that they draw as discs. Archipelago has its own rule. */
const SIZE = 2;
const COLORS = ["#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#59a14f", "#edc948", "#b07aa1", "#ff9da7", "#9c755f", "#bab0ac"];
/** One pan, in px a frame: to and fro, so that the map stays in view. */
const STEP = 5;
/** The code of an item without a category. */
const MISSING = 0xffffffff;

/** A small generator (mulberry32): the same points for everybody. @param {number} seed */
const random = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

/** 150 crowds of all sizes within -1..1. @param {number} n */
export function blobs(n) {
  const next = random(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const crowds = Array.from({ length: 150 }, () => ({ x: 1.6 * next() - 0.8, y: 1.6 * next() - 0.8, wide: 0.01 + 0.07 * next() ** 2 }));
  const x = new Float32Array(n);
  const y = new Float32Array(n);
  const code = new Uint32Array(n);
  for (let i = 0; i < n; i += 1) {
    const which = Math.floor(150 * next() ** 1.7);
    const crowd = crowds[which];
    x[i] = Math.max(-1, Math.min(1, crowd.x + crowd.wide * normal()));
    y[i] = Math.max(-1, Math.min(1, crowd.y + crowd.wide * normal()));
    code[i] = which % 10;
  }
  return { n, x, y, code, colors: COLORS };
}

/** @typedef {ReturnType<typeof blobs>} Points `colors` has one for each code */
/** @typedef {{canvas: HTMLCanvasElement, pan: (dx: number) => void}} Program `pan` draws in the next frame */

const frame = () => new Promise(requestAnimationFrame);

/** @param {Points} points @param {boolean} adaptive */
async function archipelago({ n, x, y, code }, adaptive) {
  const wasm = await import("./pkg-modes/archipelago.js");
  await wasm.default();
  const canvas = document.body.appendChild(document.createElement("canvas"));
  canvas.style.cssText = `width:${WIDTH}px;height:${HEIGHT}px`;
  const view = new wasm.View(canvas);
  view.resize(WIDTH, HEIGHT, 1);
  view.setItems(new Uint32Array(n).fill(1));
  const xy = new Float32Array(2 * n);
  for (let i = 0; i < n; i += 1) [xy[2 * i], xy[2 * i + 1]] = [x[i], y[i]];
  const began = performance.now();
  view.setPositions(xy);
  view.colorByCategory(code, 10);
  view.fit();
  view.draw();
  const upload = performance.now() - began;
  const { Motion } = view.setMotion ? await import("./motion.js") : { Motion: null };
  const motion = adaptive && Motion ? new Motion(view, () => {}) : null;
  const pan = (/** @type {number} */ dx) =>
    requestAnimationFrame((now) => {
      motion?.frame(now);
      view.pan(dx, 0);
      view.draw();
    });
  return { canvas, pan, upload, view };
}

/** Presses the mouse and drags it. @param {HTMLElement} target */
function drag(target) {
  let at = WIDTH / 2;
  const send = (/** @type {string} */ kind, /** @type {EventTarget} */ on) => {
    const options = { bubbles: true, cancelable: true, view: window, clientX: at, clientY: HEIGHT / 2, button: 0, buttons: 1 };
    on.dispatchEvent(new MouseEvent(kind, options));
  };
  send("mouseenter", target);
  send("mousemove", target);
  send("mousedown", target);
  return (/** @type {number} */ dx) => {
    at += dx;
    send("mousemove", target);
  };
}

/** What a program is not left to choose by itself: nothing for a picture of how it looks unasked. @typedef {{size: number, ground: string} | null} Looks */
/** @type {Looks} */
const PLAIN = { size: SIZE, ground: "#0b0e14" };

/** @param {Points} points @param {Looks} looks */
async function regl({ x, y, code, colors }, looks) {
  const { createScatterplot } = await import("/peers.js");
  const canvas = document.body.appendChild(document.createElement("canvas"));
  canvas.style.cssText = `width:${WIDTH}px;height:${HEIGHT}px`;
  const chosen = looks ? { pointSize: looks.size, opacityBy: "density", backgroundColor: looks.ground } : {};
  const plot = createScatterplot({ canvas, width: WIDTH, height: HEIGHT, pointColor: colors, colorBy: "valueA", ...chosen });
  const began = performance.now();
  await plot.draw({ x, y, z: code });
  const upload = performance.now() - began;
  const pan = (/** @type {number} */ dx) => {
    const camera = Float32Array.from(plot.get("cameraView"));
    camera[12] += (2 * dx) / WIDTH;
    plot.set({ cameraView: camera });
  };
  return { canvas, pan, upload };
}

/** @param {Points} points @param {Looks} looks */
async function cosmos({ n, x, y, code, colors: palette }, looks) {
  const { Graph } = await import("/peers.js");
  const div = document.body.appendChild(document.createElement("div"));
  div.style.cssText = `width:${WIDTH}px;height:${HEIGHT}px`;
  const chosen = looks ? { pointDefaultSize: looks.size, backgroundColor: looks.ground, scalePointsOnZoom: false } : {};
  const graph = new Graph(div, {
    enableSimulation: false, pixelRatio: 1, fitViewOnInit: true, fitViewDelay: 0, fitViewDuration: 0,
    renderHoveredPointRing: false, transitionDuration: 0, ...chosen,
  });
  await graph.ready;
  const xy = new Float32Array(2 * n);
  for (let i = 0; i < n; i += 1) [xy[2 * i], xy[2 * i + 1]] = [2048 + 1900 * x[i], 2048 + 1900 * y[i]];
  const rgb = palette.map((c) => [1, 3, 5].map((at) => parseInt(c.slice(at, at + 2), 16) / 255));
  const colors = new Float32Array(4 * n);
  for (let i = 0; i < n; i += 1) colors.set([...rgb[code[i]], 1], 4 * i);
  const began = performance.now();
  graph.setPointPositions(xy, true);
  graph.setPointColors(colors);
  graph.render();
  graph.fitView(0);
  const canvas = /** @type {HTMLCanvasElement} */ (div.querySelector("canvas"));
  await frame();
  return { canvas, pan: drag(canvas), upload: performance.now() - began };
}

/**
 * What is to be seen of the points: the part of the canvas that is not ground, and in how many of 12 hues.
 * @param {HTMLCanvasElement} canvas
 */
function seen(canvas) {
  const small = new OffscreenCanvas(WIDTH, HEIGHT).getContext("2d", { willReadFrequently: true });
  if (!small) throw new Error("no 2d context");
  small.drawImage(canvas, 0, 0, WIDTH, HEIGHT);
  const { data } = small.getImageData(0, 0, WIDTH, HEIGHT);
  let lit = 0;
  const hues = new Uint32Array(12);
  for (let i = 0; i < data.length; i += 4) {
    const [r, g, b] = [data[i], data[i + 1], data[i + 2]];
    const [most, span] = [Math.max(r, g, b), Math.max(r, g, b) - Math.min(r, g, b)];
    if (most > 40) lit += 1;
    if (span < 40) continue;
    const hue = most === r ? (g - b) / span : most === g ? 2 + (b - r) / span : 4 + (r - g) / span;
    hues[Math.floor(2 * (hue + 6)) % 12] += 1;
  }
  return { lit: lit / (WIDTH * HEIGHT), hues: hues.filter((px) => px > 200).length };
}

/**
 * Milliseconds of the middle frame while panning, how many of the frames changed the picture, and what is to be seen in the last
 * one. A few pixels are read back in every frame, so that none is counted before it is drawn.
 * @param {string} who
 * @param {Points} points
 * @param {number} frames
 */
export async function measure(who, points, frames) {
  const program =
    who === "regl" ? await regl(points, PLAIN) : who === "cosmos" ? await cosmos(points, PLAIN) : await archipelago(points, who !== "archipelago-full");
  const { canvas } = program;
  const small = new OffscreenCanvas(256, 1).getContext("2d", { willReadFrequently: true });
  if (!small) throw new Error("no 2d context");
  const look = () => {
    small.clearRect(0, 0, 256, 1);
    small.drawImage(canvas, canvas.width / 2 - 128, canvas.height / 2, 256, 1, 0, 0, 256, 1);
    return small.getImageData(0, 0, 256, 1).data.join();
  };
  for (let i = 0; i < 3; i += 1) {
    await frame();
    look();
  }
  let [before, changes, last] = [look(), 0, performance.now()];
  /** @type {number[]} */
  const times = [];
  for (let i = 0; i < frames; i += 1) {
    program.pan(i % 20 < 10 ? STEP : -STEP);
    await frame();
    const now = look();
    if (now !== before) changes += 1;
    before = now;
    const then = performance.now();
    // The first frames warm up, and teach Archipelago how fast the device is.
    if (i >= frames / 3) times.push(then - last);
    last = then;
  }
  times.sort((a, b) => a - b);
  const load = "view" in program ? program.view.load() : null;
  program.pan(STEP);
  await frame();
  return { ms: times[times.length >> 1], slowest: times[times.length - 1], changes, frames, upload: program.upload, drawn: load?.[0], bytes: load?.[1], ...seen(canvas) };
}

/**
 * What only Archipelago is asked for: milliseconds to build the index (with the first pick), of the slowest but one in a hundred
 * picks, of a lasso around a quarter of the screen; calls and bytes of one draw.
 * @param {Points} points
 */
export async function answers(points) {
  const { view } = await archipelago(points, false);
  const next = random(11);
  const timed = (/** @type {() => unknown} */ work) => {
    const began = performance.now();
    work();
    return performance.now() - began;
  };
  const index = timed(() => view.pick(WIDTH / 2, HEIGHT / 2));
  // Half of them where points are, as a hand that looks for something.
  const picks = Array.from({ length: 4000 }, (_, i) => {
    const [x, y] = i % 2 ? view.project(Math.floor(points.n * next())) : [WIDTH * next(), HEIGHT * next()];
    return timed(() => view.pick(x, y, 4));
  }).sort((a, b) => a - b);
  const [rx, ry] = [WIDTH / 4, HEIGHT / 4];
  const line = Float64Array.from({ length: 200 }, (_, i) => (i % 2 ? HEIGHT / 2 + ry * Math.sin((i >> 1) * 0.0628) : WIDTH / 2 + rx * Math.cos((i >> 1) * 0.0628)));
  let inside = 0;
  const lassos = Array.from({ length: 9 }, () => timed(() => (inside = view.inPolygon(line).length))).sort((a, b) => a - b);
  let calls = 0;
  const { drawArrays } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.drawArrays = function (...args) {
    calls += 1;
    drawArrays.apply(this, args);
  };
  view.pan(3, 0);
  view.draw();
  let idle = 0;
  for (let i = 0; i < 30; i += 1) {
    await frame();
    if (view.needsDraw() || view.draw()) idle += 1;
  }
  WebGL2RenderingContext.prototype.drawArrays = drawArrays;
  return { index, pick: picks[Math.floor(0.99 * picks.length)], lasso: lassos[4], inside, calls, idle, bytes: view.load()[1] / points.n };
}

/**
 * Draws once, as the program does unasked, and stays.
 * @param {string} who
 * @param {Points} points
 */
export async function show(who, points) {
  await (who === "atlas" ? atlas(points) : who === "regl" ? regl(points, null) : cosmos(points, null));
  for (let i = 0; i < 8; i += 1) await frame();
}

/** @param {Points} points */
async function atlas({ x, y, code, colors }) {
  const { EmbeddingView } = await import("/atlas.js");
  const div = document.body.appendChild(document.createElement("div"));
  const config = { colorScheme: "dark" };
  return new EmbeddingView(div, { data: { x, y, category: Uint8Array.from(code) }, categoryColors: colors, width: WIDTH, height: HEIGHT, pixelRatio: 1, config });
}

/**
 * Points of a set that pictures.mjs serves, with the colors that Archipelago gives them, within -1..1 of the canvas's height.
 * @param {string} name
 * @returns {Promise<Points>}
 */
export async function saved(name) {
  const load = async (/** @type {string} */ what) => (await fetch(`/saved/${name}/${what}`)).arrayBuffer();
  const xy = new Float32Array(await load("2"));
  const codes = new Uint32Array(await load("code"));
  const n = codes.length;
  const wasm = await import("./pkg-modes/archipelago.js");
  await wasm.default();
  const view = new wasm.View(document.createElement("canvas"));
  view.setItems(new Uint32Array(n).fill(1));
  const kinds = codes.reduce((most, one) => (one === MISSING ? most : Math.max(most, one + 1)), 0);
  /** @type {{entries: {code: number, color: string}[], missingColor: string}} */
  const { entries, missingColor } = view.colorByCategory(codes, kinds);
  // The rest have one color together, those without a category another.
  const rest = entries.find(({ code }) => code < 0)?.color ?? missingColor;
  const colors = Array.from({ length: kinds + 1 }, (_, code) => (code === kinds ? missingColor : (entries.find((entry) => entry.code === code)?.color ?? rest)));
  const code = codes.map((one) => (one === MISSING ? kinds : one));
  view.free();
  const side = (/** @type {number} */ axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = axis; i < 2 * n; i += 2) [low, high] = [Math.min(low, xy[i]), Math.max(high, xy[i])];
    return { middle: (low + high) / 2, half: (high - low) / 2 };
  };
  const sides = [side(0), side(1)];
  const scale = 0.95 / Math.max((sides[0].half * HEIGHT) / WIDTH, sides[1].half);
  const at = (/** @type {number} */ axis) => Float32Array.from({ length: n }, (_, i) => (xy[2 * i + axis] - sides[axis].middle) * scale);
  return { n, x: at(0), y: at(1), code, colors };
}
