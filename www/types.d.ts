// The shapes that cross a border: page <-> worker, worker <-> wasm, page <-> wasm.
// The options themselves are not listed here: Rust's Recipe is their only list,
// and the page shows what defaultRecipe() gives.

/** One user-visible error. Empty strings and zeros where a field does not apply. */
export interface ErrorObject {
  code: string;
  message: string;
  hint: string;
  file: string;
  line: number;
  column: number;
}

/** All options of a map, nested, camelCase; later/fields.js has names for those that have a field. */
export interface Recipe {
  seed: number;
  collect: { minCollections: number; [option: string]: unknown };
  [stage: string]: unknown;
}

/** n strings in one buffer: string i is bytes[ends[i-1] or 0 .. ends[i]], UTF-8. */
export interface PackedTexts {
  bytes: Uint8Array;
  ends: Uint32Array;
}

export interface NumberColumn {
  name: string;
  kind: "number";
  values: Float32Array;
}
export interface CategoryColumn {
  name: string;
  kind: "category";
  codes: Uint32Array;
  categories: PackedTexts;
  counts: Uint32Array;
}
export type Column = NumberColumn | CategoryColumn;

export interface Items {
  n: number;
  names: PackedTexts;
  labels: PackedTexts;
  popularity: Uint32Array;
  columns: Column[];
  /** Once the map is measured: see Measured. */
  trust?: Float32Array;
}

export interface FileSummary {
  kind: "records" | "items";
  file: string;
  rows: number;
  skippedRows: number;
  bytes: number;
  hash: string;
  columns: string[];
  /** Further columns of numbers and times in a file of rows. */
  rowColumns?: { name: string; kind: "number" | "time" }[];
  /** Whether the rows are links between items. */
  edges?: boolean;
  /** Whether the rows are vectors: a name and numbers. */
  vectors?: boolean;
  /** Whether the links' weights are distances, by the file's own words: each item's nearest neighbors. */
  distances?: boolean;
}

/** One report of progress. The stage "read" comes from the worker's own reading, the others from the engine. */
export interface Progress {
  stage: string;
  done: number;
  total: number;
  text: string;
  overall: number;
  hasLayout: boolean;
  /** Stages that this run does not have. */
  skipped?: string[];
  items?: Items;
  layout?: Float32Array;
  /** Numbers in `layout` for each item: 2, or 3 in space. */
  dim?: number;
}

export interface Neighbors {
  ids: Uint32Array;
  dissimilarities: Float32Array;
}

/** What a formula gives for some pairs of rows that are in one collection. */
export interface Preview {
  pairs: { a: string; b: string; collection: string; values: [name: string, value: number | null][]; weight: number }[];
  /** Pairs tried in all; of these how many weigh nothing, and how many count as nothing. */
  drawn: number;
  zero: number;
  unusable: number;
}

/** A pair that the embedding could not do justice. */
export interface WorstPair {
  pair: [number, number];
  /** Whether it should be near. */
  similar: boolean;
  distance: number;
  distortion: number;
}

export interface Distortions {
  average: number;
  /** The distortions that 0, 5, 25, 50, 75, 95 and 100 % of the pairs do not exceed. */
  quantiles: number[];
  /** Pairs in equal bins from the smallest distortion to the largest. */
  histogram: number[];
  /** Worst first. */
  worst: WorstPair[];
}

/** The mean share of the k nearest in the data that are among the k nearest on the map. */
export interface Preserved {
  k: number;
  /** 0 to 1; null where nothing has a neighbor. */
  share: number | null;
}

/** What a map is worth (src/measure/quality.rs). */
export interface QualityReport {
  /** Against the data, for neighborhoods of 5, 15 and 50. */
  data: Preserved[];
  dataItems: number;
  /** Against the data's own space: all points, or a sample of them. */
  ordering: {
    preserved: Preserved[];
    trustworthiness: number | null;
    continuity: number | null;
    /** The two for neighborhoods of 5, 15 and 50. */
    ranked: { k: number; trustworthiness: number | null; continuity: number | null }[];
    points: number;
    exact: boolean;
  };
  /** Spearman's rho of the distances of pairs, on the map and in the data's own space. */
  distances: { rho: number | null; pairs: number };
  /** Of the 10 nearest on the map, the share that carry the same label. */
  labels: { column: string; share: number | null; chance: number | null; items: number }[];
}

/** What measuring the engine's current map gives; null when other work came first. */
export interface Measured {
  mapHash: string;
  quality: QualityReport;
  /** Per item the share of its 15 nearest in the data that is among its 15 nearest on the map; NaN where it has none. */
  trust: Float32Array;
}

/** What report() gives; more fields than these may be there. */
export interface Report {
  mapHash: string;
  /** Positions were carried over: data, recipe and seed alone do not give the map again. */
  continued: boolean;
  /** By what the map is turned to lie as the one before it did: row-major, row vectors are multiplied by it. */
  turn: number[];
  sizes: Record<string, number>;
  seconds: Record<string, number>;
  averageDistortion: number;
  /** Of vectors: the share of the nearest neighbors that the search found, on a sample. */
  recall?: number | null;
  hubness?: { mutualShare: number; topShare: number; isolated: number };
  components?: { count: number; largest: number; isolated: number };
  distortions?: Distortions;
  /** Null until it is measured, a moment after the map is shown. */
  quality?: QualityReport | null;
  [field: string]: unknown;
}

/** Where the bytes of one file come from: a blob (dropped, chosen, pasted) or an address. */
export interface Source {
  name: string;
  blob?: Blob;
  url?: string;
  /** "demo:films", an absolute address, or "" for what only this computer has. */
  origin: string;
}

/** Where a person's list belongs in a map. */
export interface Landing {
  /** Map coordinates. */
  at: Float32Array;
  /** The items that the list names. */
  ids: Uint32Array;
  /** Lines that name no item. */
  missing: string[];
  /** Items next to the list that are not on it, nearest first. */
  suggestions: Uint32Array;
}

export interface Opened {
  kind: "records" | "items";
  files: FileSummary[];
  items?: Items;
}

/** Where points crowd, and what they share. */
export interface Island {
  /** 0 is the coarsest. */
  scale: number;
  at: [number, number];
  /** Standard deviation along each axis. */
  spread: [number, number];
  size: number;
  /** The island around it, in the list. */
  parent: number | null;
  /** Most of its items have `value` in `column`; both "" where they share nothing. */
  column: string;
  value: string;
  /** Labels of its most popular items. */
  popular: string[];
}

/** What the worker says once it has started. */
export interface Started {
  build: "threads" | "single";
  threads: number;
  mapVersion: number;
}

/** The compute engine as wasm-bindgen exports it (src/web/engine.rs). */
export interface WasmEngine {
  openStart(): void;
  fileStart(name: string): void;
  filePush(bytes: Uint8Array): number;
  fileEnd(): FileSummary;
  openEnd(): "records" | "items";
  runStart(recipe: object, turn: Float64Array): void;
  runStep(budgetMs: number): Progress;
  runChange(recipe: object): string;
  layout(): Float32Array;
  layoutDim(): number;
  items(): Items;
  neighbors(id: number, k: number): Neighbors;
  report(): Report;
  measureStart(): void;
  measureStep(budgetMs: number): boolean;
  quality(): QualityReport;
  trust(): Float32Array<ArrayBuffer>;
  edges(limit: number): Uint32Array;
  formulaPreview(recipe: object, n: number): Preview | null;
  exportEmbedding(kind: "csv" | "npy"): Uint8Array;
  placeStart(ids: Uint32Array, weights: Float32Array): void;
  placeStep(budgetMs: number): { at: Float32Array; suggestions: Uint32Array } | null;
  runCancel(): void;
}

/** The module of either wasm build. */
export interface Wasm {
  default(options?: { module_or_path: URL | string }): Promise<unknown>;
  initThreadPool?(n: number): Promise<void>;
  defaultRecipe(preset: string): Recipe;
  checkRecipe(recipe: object): Recipe;
  freshSeed(): number;
  mapVersion(): number;
  Engine: new () => WasmEngine;
}

/** What the worker takes of the build modes (src/web/names.rs). */
export interface NamesWasm {
  nameCandidates(places: Float32Array, dim: number, popularity: Uint32Array, limit: number): Uint32Array;
  nameDiscs(popularity: Uint32Array, ids: Uint32Array): Float32Array;
  nameIslands(
    xy: Float32Array,
    popularity: Uint32Array,
    codes: Uint32Array,
    counts: Uint32Array,
  ): (Omit<Island, "column" | "value" | "popular"> & { shared: [number, number] | null; popular: number[] })[];
  nameZooms(captions: Float64Array, names: Float64Array): Float64Array;
}

/** The exports of the view builds. */
export interface ViewWasm {
  default(options?: { module_or_path: URL | string }): Promise<unknown>;
  View: new (canvas: HTMLCanvasElement) => WasmView;
}

export interface Camera {
  x: number;
  y: number;
  /** CSS pixels per map unit. */
  zoom: number;
}

export interface NumberLegend {
  kind: "number";
  min: number;
  max: number;
  stops: { at: number; color: string }[];
  missing: number;
  missingColor: string;
}
export interface CategoryLegend {
  kind: "category";
  entries: { code: number; color: string; count: number }[];
  missing: number;
  missingColor: string;
}
export type Legend = NumberLegend | CategoryLegend;

/** How a density is shown. */
export interface Shading {
  /** How counts become opacity. */
  how: string;
  /** Sparse points are spread until they overlap. */
  spread: boolean;
  /** Lines around the densest parts. */
  contours: boolean;
  /** Points take over where the camera is so near that they are sparse. */
  fade: boolean;
}

/** The renderer as wasm-bindgen exports it (src/web/view.rs). */
export interface WasmView {
  setItems(popularity: Uint32Array): void;
  setPositions(xy: Float32Array): void;
  moveTo(xy: Float32Array): void;
  setBlend(blend: number): void;
  setStates(states: Uint8Array): void;
  setMotion(moving: boolean, interval: number): void;
  setDisplay(size: number, rim: boolean, opacity: number, full: boolean): void;
  sizeBy(values: Float32Array): void;
  setTwinkle(phase: number, strength: number): void;
  turnTo(xy: Float32Array): void;
  setDensity(how: number, spread: boolean, contours: boolean, fade: boolean): void;
  densityShare(): number;
  comeFrom(x: number, y: number, zoom: number): void;
  inPolygon(px: Float64Array): Uint32Array;
  inBox(x0: number, y0: number, x1: number, y1: number): Uint32Array;
  boxOf(ids: Uint32Array): Float64Array;
  startFlight(x: number, y: number, zoom: number): number;
  flyTo(part: number): void;
  pictureTile(scale: number, x: number, y: number, width: number, height: number, paper: Uint8Array): Uint8Array<ArrayBuffer>;
  hasRims(): boolean;
  discs(most: number, paper: Uint8Array): Float32Array;
  strokes(most: number): Float32Array;
  ring(paper: Uint8Array): Float32Array;
  load(): Uint32Array;
  fit(): void;
  colorByNothing(): void;
  colorByNumber(values: Float32Array): NumberLegend;
  colorByCategory(codes: Uint32Array, n: number): CategoryLegend;
  resize(cssWidth: number, cssHeight: number, devicePixelRatio: number): void;
  pan(dx: number, dy: number): void;
  zoomAt(x: number, y: number, factor: number): void;
  camera(): Camera;
  setCamera(x: number, y: number, zoom: number): void;
  pick(x: number, y: number, radius?: number): number;
  index(points: number): boolean;
  project(id: number): Float32Array;
  setSpace(xyz: Float32Array): void;
  leaveSpace(): void;
  dropSpace(): void;
  stepSpace(t: number): void;
  turnSpace(dx: number, dy: number): void;
  panSpace(dx: number, dy: number): void;
  dollySpace(x: number, y: number, factor: number, id: number): void;
  flySpace(right: number, up: number, forward: number): void;
  goSpace(to: number, id: number): void;
  followSpace(part: number): boolean;
  setMiddle(x: number, y: number): void;
  spaceCamera(): Float64Array;
  setSpaceCamera(targetEye: Float64Array): void;
  setSpaceNames(ids: Uint32Array, boxes: Float32Array): void;
  spaceNames(amount: number, step: number, wanted: boolean): Float32Array;
  diameter(id: number): number;
  setLines(layer: number, pairs: Uint32Array, style: Float32Array): void;
  setRays(layer: number, x: number, y: number, ids: Uint32Array, style: Float32Array): void;
  setHover(id: number): void;
  setSelected(id: number): void;
  setBackground(r: number, g: number, b: number): void;
  compiled(): boolean;
  needsDraw(): boolean;
  draw(): boolean;
  contextLost(): void;
  contextRestored(): void;
  liveResources(): number;
  glError(): number;
  free(): void;
}

/** What a MapView tells, and what it asks for. */
export interface ViewEvents {
  /** What lies over the map at these sides, CSS px. */
  covered(): { left: number; right: number; bottom: number };
  /** -1 = none. */
  onHover(id: number): void;
  /** -1 = none; only for presses on the map. */
  onSelect(id: number): void;
  /** After every drawn frame. */
  onDraw(): void;
  /** A visitor or a link asks for a mode, and it or the present one is the galaxy. */
  onGalaxy(mode: string): void;
  /** Another mode is shown. */
  onMode(): void;
  /** Gets the whole View, of which the first one is a small part. */
  load(): Promise<ViewWasm>;
  /** A mode can not be shown. */
  onFail(thrown: unknown): void;
  /** Milliseconds between live frames that this device shows without effort. */
  onPace(interval: number): void;
}

/** One finished map: everything needed to show it again exactly. */
export interface MapState {
  items: Items;
  positions: Float32Array;
  /** Numbers in `positions` for each item. */
  dim: number;
  recipe: Recipe;
  report: Report;
  sources: Source[];
  files: FileSummary[];
  /** Column the points are colored by; "" = none, "popularity" = the built-in. */
  color: string;
  /** The map that differs in the number of dimensions only, in the plane or in space. */
  twin: MapState | null;
}

/** A checked share link. */
export interface LinkContent {
  version: number;
  data: string[];
  files: { name: string; hash: string }[];
  recipe: object | null;
  mapHash: string;
  camera: Camera | null;
  /** By what the map is turned. */
  turn: number[] | null;
  /** How the map is shown: a name that depth.js lists. */
  mode: string;
  /** In space: the places of the camera's target and of its eye. */
  space: number[] | null;
  color: string | null;
  /** How a density is shaded. */
  shading: Shading | null;
}
