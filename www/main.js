// The only file with side effects: finds the elements, makes the parts, wires them.

import { comparison, dropped, titleOf } from "./announce.js";
import { api } from "./api.js";
import { Banner } from "./banner.js";
import { firstView, loadDrawing } from "./drawing.js";
import { Engine } from "./engine.js";
import { REMEDY, asError, failure } from "./errors.js";
import { exports } from "./exports.js";
import { Extras } from "./extras.js";
import { formatNumber } from "./format.js";
import { Intake } from "./intake.js";
import { Labels } from "./labels.js";
import { Legend } from "./legend.js";
import { Measuring } from "./measuring.js";
import { Modes } from "./modes.js";
import { Options } from "./options.js";
import { Panel } from "./panel.js";
import { Progress } from "./progress.js";
import { Session } from "./session.js";
import { Sheets, covered } from "./sheet.js";
import { theme } from "./theme.js";
import { MapView } from "./view.js";

/** @typedef {import("./types.js").ErrorObject} ErrorObject @typedef {import("./types.js").LinkContent} LinkContent */

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
const find = (id) => /** @type {T} */ (document.getElementById(id));

const page = new URL(location.href);
const threads = /^[1-9][0-9]?$/.test(page.searchParams.get("threads") ?? "") ? Number(page.searchParams.get("threads")) : null;
const engine = new Engine(() => new Worker(new URL("worker.js", import.meta.url), { type: "module" }), {
  threads,
  build: page.searchParams.get("build"),
});

const banner = new Banner(find("alerts"), find("notices"), "i-close");
const labels = new Labels(find("hover-label"), find("pin-label"));
const canvas = /** @type {HTMLCanvasElement} */ (find("map"));
const greeting = find("greeting");

/** @type {Map<string, Set<(detail: any) => void>>} */
const listeners = new Map(["progress", "layout", "ready", "measured", "error", "select", "hover"].map((event) => [event, new Set()]));
/** @param {string} event @param {unknown} detail */
const tell = (event, detail) => listeners.get(event)?.forEach((f) => f(detail));

// ---- errors ----

/** @type {ErrorObject | null} */
let lastError = null;

/** @param {unknown} thrown */
function fail(thrown) {
  const error = asError(thrown);
  if (error.code === "cancelled") return;
  lastError = error;
  banner.error(error);
  if (made?.session.waiting && error.code in REMEDY) made.remedy(error);
  tell("error", error);
}

// ---- the parts, once the drawing code is there ----

/** @typedef {Awaited<ReturnType<typeof start>>} Parts */

async function start() {
  const view = new MapView(canvas, await firstView(canvas), matchMedia("(prefers-reduced-motion: reduce)"), {
    covered: () => covered(find("progress")),
    onHover: (id) => {
      canvas.toggleAttribute("data-hover", id >= 0);
      labels.hover(id, nameOf(id));
      tell("hover", id);
    },
    onSelect: (id) => {
      session.select(id);
      if (id >= 0) view.reveal(id, false);
    },
    onDraw: () => {
      labels.place((id) => view.locate(id));
      place?.draw();
      extras.draw();
    },
    onGalaxy: (mode) => void import("./later/space.js").then(({ choose }) => choose(mode, session, view, options)).catch(fail),
    load: () => loadDrawing("modes"),
    onFail: fail,
    onMode: () => (view.ways.mode === "galaxy" && place?.clear(), modes.update(session.shown !== null)),
    onPace: (interval) => void engine.call("pace", [interval]).catch(() => {}),
  });
  const session = new Session(engine, view, (event, detail) => handlers[event]?.(detail));
  /** @param {number} id */
  const nameOf = (id) => session.shown?.labels.at(id) || session.shown?.names.at(id) || "";

  theme(document.documentElement, find("theme-button"), ([r, g, b]) => view.change((v) => v.setBackground(r, g, b)));

  const progress = new Progress(
    {
      ...{ panel: find("progress"), overall: find("progress-overall"), stages: find("progress-stages"), text: find("progress-text") },
      ...{ time: find("progress-time"), status: find("status"), title: find("progress-title"), pause: find("pause"), cancel: find("cancel") },
    },
    () => session.pause(!session.paused),
    () => session.cancel(),
  );
  const legend = new Legend(
    { panel: find("legend"), select: find("color-by"), toggle: find("legend-toggle"), body: find("legend-body") },
    (color) => session.setColor(color),
  );
  const panel = new Panel(
    {
      title: find("details-label"),
      popularity: find("details-popularity"),
      columns: find("details-columns"),
      neighbors: find("details-neighbors"),
      unit: find("details-neighbors-unit"),
      note: find("details-note"),
    },
    (id, k) => session.ask("neighbors", [id, k]),
    (id) => go(id),
  );
  /** Pins an item and flies there. @param {number} id */
  const go = (id) => {
    session.select(id);
    view.reveal(id, true);
    find("details-label").focus();
  };
  let quality = /** @type {import("./later/quality.js").Quality | null} */ (null);
  const openQuality = async () => {
    const { Quality } = await import("./later/quality.js");
    quality ??= new Quality(
      { measures: find("quality-measures"), facts: find("quality-facts"), spread: find("quality-spread"), worst: find("quality-worst"), pairs: find("quality-pairs") },
      (pair) => {
        // The card stays open: there are more pairs to see.
        session.select(-1);
        mark(pair);
        view.revealPair(pair);
      },
    );
    if (session.map && session.shown) quality.show(session.map.report, session.shown);
  };
  const measuring = new Measuring(engine, (map) => {
    quality?.measured(map.report.quality, map.items.n);
    if (session.shown?.items !== map.items) return;
    legend.offerTrust();
    if (session.shown.color === "trust") session.setColor("trust"); // a link asked for it
    tell("measured", map.report.quality);
  });
  /** Marks a pair of items, or none but the pinned item. @param {[number, number] | null} pair */
  const mark = (pair) => {
    const [a, b] = pair ?? [session.selected, -1];
    view.change((wasm) => {
      wasm.setSelected(a);
      wasm.setHover(b);
    });
    labels.pin(a, nameOf(a));
    labels.hover(b, nameOf(b));
  };
  const made = /** @type {import("./later/runs.js").Made[]} */ ([]); // maps that the settings do not list yet
  let runs = /** @type {import("./later/runs.js").Runs | null} */ (null);
  const openSettings = async () => {
    const [{ Runs }] = await Promise.all([import("./later/runs.js"), options.form()]);
    const use = (/** @type {import("./types.js").Recipe} */ recipe) => (options.set(recipe), find("again").focus());
    runs ??= new Runs({ panel: find("runs"), body: find("runs-body") }, use);
    runs.show(made.splice(0));
  };
  const options = new Options(
    {
      ...{ form: find("recipe-form"), preset: find("preset"), help: find("preset-help"), sections: find("recipe-sections") },
      ...{ seed: find("seed"), dice: find("dice"), json: find("recipe-json"), error: find("recipe-error") },
    },
    engine,
    () => {
      if (matchMedia("(max-width: 640px)").matches) sheets.close();
      (session.busy ? session.change(options.recipe) : session.again(options.recipe)).catch(fail);
    },
  );
  const linkOf = async () => {
    if (!session.map) throw failure("no-map", "There is no map to share yet.", "Open a file or a demo first.");
    const { mapVersion } = await engine.started;
    const { Share } = await import("./later/share.js");
    return Share.link(session.map, view.state(), mapVersion, location.href.split("#")[0]);
  };
  let share = /** @type {import("./later/share.js").Share | null} */ (null);
  const openShare = async () => {
    const { Share } = await import("./later/share.js");
    share ??= new Share({ note: find("share-note"), field: find("share-link"), copy: find("copy"), copied: find("copied") }, linkOf);
    await share.show();
  };
  let place = /** @type {import("./later/place.js").Place | null} */ (null);
  const openList = async () => {
    const [{ Place }] = await Promise.all([import("./later/place.js"), view.complete()]);
    place ??= new Place((name) => /** @type {any} */ (find(`list-${name}`)), view, (call, args) => session.ask(call, args), nameOf, go);
    find("list-text").focus();
  };
  const extras = new Extras(find, { canvas, view, session, labels, mark }, listeners, fail);
  const modes = new Modes(find("modes"), view);
  const unpin = () => {
    session.select(-1);
    if (place?.placed) sheets.open("list");
  };
  const sheets = new Sheets(
    {
      details: { panel: find("details"), button: null, onClose: unpin },
      // An item picked meanwhile is shown instead; the list stays on the map.
      list: { panel: find("list"), button: find("list-button"), onClose: () => session.selected < 0 && place?.clear() },
      settings: { panel: find("settings"), button: find("settings-button") },
      quality: { panel: find("quality"), button: find("quality-button"), onClose: () => mark(null) },
      display: { panel: find("display"), button: find("display-button") },
      share: { panel: find("share"), button: find("share-button") },
      picture: { panel: find("picture"), button: find("picture-button"), onClose: () => extras.closePicture() },
    },
    (name) => void { share: openShare, list: openList, display: () => extras.openDisplay(), picture: () => extras.openPicture(), settings: openSettings, quality: openQuality }[/** @type {"share"} */ (name)]?.().catch(fail),
  );
  exports(find, session, fail);

  find("waiting-discard").addEventListener("click", () => {
    session.discard();
    banner.clear();
    find("settings-title").focus();
  });
  for (const [id, factor] of /** @type {const} */ ([["in", 1.6], ["out", 1 / 1.6]])) find(`zoom-${id}`).addEventListener("click", () => view.zoom(factor));
  find("zoom-fit").addEventListener("click", () => view.fit());
  for (const [id, open] of /** @type {const} */ ([["open-button", true], ["greeting-close", false]])) find(id).addEventListener("click", () => greet(open));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!greeting.hidden && session.map) greet(false);
    else if (sheets.current) sheets.close();
    else banner.clear();
  });

  /** @param {boolean} open */
  function greet(open) {
    greeting.hidden = !open;
    find("greeting-close").hidden = session.map === null;
    for (const behind of [canvas, find("legend"), find("zoom"), find("modes")]) behind.inert = open;
    if (open) sheets.close();
    if (open && session.map) find("greeting-close").focus();
  }

  /** @param {"making" | "map" | "empty"} state */
  function setState(state) {
    document.body.dataset.state = state;
    find("zoom").hidden = find("display-button").hidden = session.shown === null;
    modes.update(session.shown !== null);
    find("open-button").hidden = session.map === null;
    const bare = (find("share-button").hidden = find("quality-button").hidden = session.map === null || state === "making");
    find("list-button").hidden = bare || session.map?.dim === 3; // one is placed on flat maps only
    const again = /** @type {HTMLButtonElement} */ (find("again"));
    again.disabled = state !== "making" && !session.map && !session.waiting;
    again.textContent = state === "making" ? "Go on with these settings" : session.waiting ? "Make the map" : "Make the map again";
    const title = session.map ? titleOf(session.map) : "";
    find("title").textContent = state === "making" ? "" : title;
    document.title = title ? `${title.split(" · ")[0]} · Archipelago` : "Archipelago";
  }

  /** @type {Record<string, (detail: any) => void>} */
  const handlers = {
    start() {
      lastError = null;
      banner.clear();
      place?.clear();
      // Hiding the greeting takes the focus with it: hand it to what can be pressed next.
      const lost = greeting.contains(document.activeElement);
      if (sheets.current !== "settings") sheets.close();
      greet(false);
      progress.start();
      setState("making");
      if (lost) find("cancel").focus({ preventScroll: true });
    },
    /** @param {import("./types.js").Progress} report */
    progress(report) {
      progress.update(report);
      if (!report.layout) view.pace.drawn(performance.now()); // words cost a frame too
      const { stage, done, total, text, overall, hasLayout } = report;
      tell("progress", { stage, done, total, text, overall, hasLayout });
    },
    /** @param {import("./session.js").Shown | null} shown */
    shown(shown) {
      legend.setItems(shown?.items ?? null);
      labels.hover(-1, "");
      find("zoom").hidden = find("display-button").hidden = shown === null;
      modes.update(shown !== null);
      canvas.setAttribute("aria-label", shown ? `Map of ${formatNumber(shown.items.n)} items` : "Map");
    },
    layout: (positions) => tell("layout", positions),
    color: ({ shown, column, legend: colors }) => legend.show(shown.color, column, colors),
    /** @param {number} id */
    select(id) {
      labels.pin(id, nameOf(id));
      if (id >= 0 && session.shown) {
        sheets.open("details");
        panel.show(id, session.shown);
      } else if (sheets.current === "details") {
        sheets.close();
      }
      tell("select", id);
    },
    /** @param {{map: import("./types.js").MapState, link: LinkContent | null}} done */
    ready({ map, link }) {
      options.set(map.recipe);
      made.push({ recipe: structuredClone(map.recipe), report: map.report });
      runs?.show(made.splice(0));
      quality?.show(map.report, /** @type {import("./session.js").Shown} */ (session.shown));
      options.setFile(rowsOf(map.files));
      if (link) compare(map, link);
      else {
        if (location.hash) history.replaceState(null, "", location.href.split("#")[0]);
        banner.notice(`${formatNumber(map.items.n)} items mapped in ${progress.seconds.toFixed(1)} s.${dropped(map)}`);
      }
      tell("ready", { items: map.items.n, mapHash: map.report.mapHash });
    },
    /** @param {import("./types.js").MapState} map its twin is shown now */
    swapped(map) {
      options.set(map.recipe);
      quality?.show(map.report, /** @type {import("./session.js").Shown} */ (session.shown));
      setState("map");
    },
    paused: (/** @type {boolean} */ paused) => progress.setPaused(paused),
    /** @param {import("./session.js").Data | null} data rows of which no map could be made */
    waiting(data) {
      const rows = data && rowsOf(data.files);
      find("waiting").hidden = rows === null;
      find("waiting-file").textContent = rows?.file ?? "";
      options.setFile(rows ?? rowsOf(session.map?.files ?? []));
      if (!session.busy) setState(session.map ? "map" : "empty");
    },
    /** @param {import("./types.js").MapState} map */
    items(map) {
      banner.notice(`The items now have labels and ${map.items.columns.length} columns to color by.`);
      map.report.quality = null; // other labels
    },
    end() {
      view.ways.settle();
      const focused = find("progress").contains(document.activeElement);
      progress.stop();
      setState(session.map ? "map" : "empty");
      if (!session.map) greet(true);
      else if (focused) canvas.focus();
      if (session.selected >= 0) session.select(session.selected);
      measuring.measure(session.map);
      labels.settle(canvas, view, session);
    },
  };

  /** @param {import("./types.js").MapState} map @param {LinkContent} link */
  async function compare(map, link) {
    const { mapVersion } = await engine.started;
    const said = comparison(map, link, mapVersion);
    if (said) banner.notice(said.text, said.hint, { warning: said.warning });
  }

  /** Opens the settings where they may help. @param {ErrorObject} error */
  function remedy(error) {
    if (!sheets.current) sheets.open("settings");
    if (sheets.current === "settings") options.point(error, REMEDY[error.code]).catch(fail);
  }

  setState("empty");
  await engine.started.then(({ build, threads: n }) => {
    find("machine").textContent = build === "threads" ? `Computes on this device with ${n} thread${n === 1 ? "" : "s"}.` : "Computes on this device with one thread.";
  });
  await options.load();
  /** @param {object} recipe */
  const change = async (recipe) => session.change(await engine.call("checkRecipe", [recipe]));
  return { session, view, options, linkOf, greet, remedy, change };
}

/** @param {import("./types.js").FileSummary[]} files */
const rowsOf = (files) => files.find(({ kind }) => kind === "records") ?? null;

/** @type {Parts | null} */
let made = null;
const parts = start();
parts.then((all) => (made = all), () => {}); // whoever awaits parts tells of the failure

const intake = new Intake(engine, parts, fail, () => banner.clear());
const ready = parts.then(() => intake.openLink()).catch(fail);
Object.assign(window, {
  archipelago: api({
    ready,
    parts: () => made,
    async open(files, recipe) {
      try {
        return await intake.openFiles(files, recipe);
      } catch (error) {
        fail(error);
        throw asError(error);
      }
    },
    error: () => lastError,
    listeners,
  }),
});
