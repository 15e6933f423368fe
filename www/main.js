// The only file with side effects: finds the elements, makes the parts, wires them.

import { api } from "./api.js";
import { Banner } from "./banner.js";
import { Drop } from "./drop.js";
import { Engine } from "./engine.js";
import { asError } from "./errors.js";
import { formatNumber } from "./format.js";
import { Labels } from "./labels.js";
import { Legend } from "./legend.js";
import { Link } from "./link.js";
import { Options } from "./options.js";
import { Panel } from "./panel.js";
import { Progress } from "./progress.js";
import { Session } from "./session.js";
import { Share } from "./share.js";
import { Sheets } from "./sheet.js";
import { theme } from "./theme.js";
import { MapView } from "./view.js";

/** @typedef {import("./types.js").ErrorObject} ErrorObject */
/** @typedef {import("./types.js").LinkContent} LinkContent */
/** @typedef {import("./types.js").Source} Source */

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
const listeners = new Map(["progress", "layout", "ready", "error", "select", "hover"].map((event) => [event, new Set()]));
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
  tell("error", error);
}

// ---- the parts, once the drawing code is there ----

/** @typedef {Awaited<ReturnType<typeof start>>} Parts */

/** What progress and the open sheet cover of the map, in CSS pixels; on small screens they lie at the bottom. */
function covered() {
  const sheet = document.querySelector(".sheet:not([hidden])")?.getBoundingClientRect();
  const progress = find("progress").getBoundingClientRect(); // all 0 while hidden
  return {
    left: progress.left > 0 ? progress.right : 0,
    right: sheet && sheet.left > 0 ? innerWidth - sheet.left : 0,
    bottom: sheet && sheet.left <= 0 ? innerHeight - sheet.top : 0,
  };
}

/** @returns {Promise<import("./types.js").ViewWasm>} */
async function loadDrawing() {
  try {
    const wasm = await import(new URL("pkg-view/archipelago.js", import.meta.url).href);
    await wasm.default();
    return wasm;
  } catch (error) {
    const hint = "Reload the page. If that does not help, this browser is too old, or files of this site are missing.";
    throw { code: "page", message: `The page's code could not be loaded: ${/** @type {Error} */ (error).message}`, hint, file: "", line: 0, column: 0 };
  }
}

async function start() {
  const wasm = await loadDrawing();
  const view = new MapView(canvas, new wasm.View(canvas), matchMedia("(prefers-reduced-motion: reduce)"), {
    covered,
    onHover: (id) => {
      canvas.toggleAttribute("data-hover", id >= 0);
      labels.hover(id, nameOf(id));
      tell("hover", id);
    },
    onSelect: (id) => {
      session.select(id);
      if (id >= 0) view.reveal(id, false);
    },
    onDraw: () => labels.place((id) => view.locate(id)),
  });
  const session = new Session(engine, view, (event, detail) => handlers[event]?.(detail));
  /** @param {number} id */
  const nameOf = (id) => session.shown?.labels.at(id) || session.shown?.names.at(id) || "";

  theme(document.documentElement, find("theme-button"), ([r, g, b]) => view.change((v) => v.setBackground(r, g, b)));

  const progress = new Progress(
    {
      panel: find("progress"),
      overall: find("progress-overall"),
      stages: find("progress-stages"),
      text: find("progress-text"),
      time: find("progress-time"),
      status: find("status"),
      cancel: find("cancel"),
    },
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
      note: find("details-note"),
    },
    (id, k) => session.neighbors(id, k),
    (id) => {
      session.select(id);
      view.reveal(id, true);
      find("details-label").focus();
    },
  );
  const options = new Options(
    {
      form: find("recipe-form"),
      preset: find("preset"),
      help: find("preset-help"),
      minCollections: find("min-collections"),
      seed: find("seed"),
      dice: find("dice"),
      json: find("recipe-json"),
      error: find("recipe-error"),
    },
    engine,
    () => {
      if (matchMedia("(max-width: 640px)").matches) sheets.close();
      session.again(options.recipe).catch(fail);
    },
  );
  const linkOf = async () => {
    if (!session.map) throw asError({ code: "no-map", message: "There is no map to share yet.", hint: "Open a file or a demo first.", file: "", line: 0, column: 0 });
    const { mapVersion } = await engine.started;
    return Share.link(session.map, view.follow ? null : view.camera(), mapVersion, location.href.split("#")[0]);
  };
  const share = new Share({ note: find("share-note"), field: find("share-link"), copy: find("copy"), copied: find("copied") }, linkOf);
  const sheets = new Sheets(
    {
      details: { panel: find("details"), button: null, onClose: () => session.select(-1) },
      settings: { panel: find("settings"), button: find("settings-button") },
      share: { panel: find("share"), button: find("share-button") },
    },
    (name) => name === "share" && share.show().catch(fail),
  );

  find("zoom-in").addEventListener("click", () => view.zoom(1.6));
  find("zoom-out").addEventListener("click", () => view.zoom(1 / 1.6));
  find("zoom-fit").addEventListener("click", () => view.fit());
  find("open-button").addEventListener("click", () => greet(true));
  find("greeting-close").addEventListener("click", () => greet(false));
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
    for (const behind of [canvas, find("legend"), find("zoom")]) behind.inert = open;
    if (open) sheets.close();
    if (open && session.map) find("greeting-close").focus();
  }

  /** @param {"making" | "map" | "empty"} state */
  function setState(state) {
    document.body.dataset.state = state;
    find("zoom").hidden = session.shown === null;
    find("open-button").hidden = session.map === null;
    find("share-button").hidden = session.map === null || state === "making";
    /** @type {HTMLButtonElement} */ (find("again")).disabled = session.map === null;
    const title = session.map ? titleOf(session.map) : "";
    find("title").textContent = state === "making" ? "" : title;
    document.title = title ? `${title.split(" · ")[0]} · Archipelago` : "Archipelago";
  }

  /** @type {Record<string, (detail: any) => void>} */
  const handlers = {
    start() {
      lastError = null;
      banner.clear();
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
      const { stage, done, total, text, overall, hasLayout } = report;
      tell("progress", { stage, done, total, text, overall, hasLayout });
    },
    /** @param {import("./session.js").Shown | null} shown */
    shown(shown) {
      legend.setItems(shown?.items ?? null);
      labels.hover(-1, "");
      find("zoom").hidden = shown === null;
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
      if (link) compare(map, link);
      else {
        if (location.hash) history.replaceState(null, "", location.href.split("#")[0]);
        banner.notice(`${formatNumber(map.items.n)} items mapped in ${progress.seconds.toFixed(1)} s.${dropped(map)}`);
      }
      tell("ready", { items: map.items.n, mapHash: map.report.mapHash });
    },
    items: (map) => banner.notice(`The items now have labels and ${map.items.columns.length} columns to color by.`),
    end() {
      const focused = find("progress").contains(document.activeElement);
      progress.stop();
      setState(session.map ? "map" : "empty");
      if (!session.map) greet(true);
      else if (focused) canvas.focus();
      if (session.selected >= 0) session.select(session.selected);
    },
  };

  /** @param {import("./types.js").MapState} map @param {LinkContent} link */
  async function compare(map, link) {
    const { mapVersion } = await engine.started;
    const missing = link.files.filter(({ hash }) => !map.files.some((file) => file.hash === hash)).map(({ name }) => name);
    const more = missing.length ? `Drop ${missing.join(" and ")} too to have its labels and colors.` : "";
    if (!link.mapHash) return;
    if (link.mapHash === map.report.mapHash) banner.notice("The same map, bit for bit.", more);
    else if (link.version !== mapVersion) {
      banner.notice("This map differs from the one that was shared.", `The link was made by another version of Archipelago (${link.version}, this is ${mapVersion}). ${more}`, { warning: true });
    } else banner.notice("This is not quite the map that was shared.", `The data has changed since the link was made. ${more}`, { warning: true });
  }

  setState("empty");
  await engine.started.then(({ build, threads: n }) => {
    find("machine").textContent = build === "threads" ? `Computes on this device with ${n} thread${n === 1 ? "" : "s"}.` : "Computes on this device with one thread.";
  });
  await options.load();
  return { session, view, options, linkOf, greet };
}

/** How many items the recipe left out, as a sentence.
 * @param {import("./types.js").MapState} map
 */
function dropped(map) {
  const { itemsRead, items } = map.report.sizes;
  if (itemsRead === items) return "";
  return ` ${formatNumber(itemsRead - items)} in fewer than ${map.recipe.collect.minCollections} collections were dropped.`;
}

/** @param {import("./types.js").MapState} map */
function titleOf(map) {
  const at = Math.max(0, map.files.findIndex(({ kind }) => kind === "records"));
  const { name, origin } = map.sources[at];
  const demo = /^demo:(.)(.*)$/.exec(origin);
  const title = demo ? demo[1].toUpperCase() + demo[2] : name.replace(/(\.(csv|tsv|txt|gz))+$/i, "");
  return `${title} · ${formatNumber(map.items.n)} items`;
}

// ---- data in: drops, links, the page's interface ----

/** A link that waits for files of its sender's computer. @type {LinkContent | null} */
let expected = null;

/** @param {LinkContent | null} link */
function expect(link) {
  expected = link;
  find("expected").hidden = link === null;
  find("expected-files").textContent = link?.files.map(({ name }) => name).join(" and ") ?? "";
}

/**
 * @param {Source[]} sources
 * @param {LinkContent | null} link
 * @param {object} [recipe]
 */
async function open(sources, link, recipe) {
  const { session, options } = await parts;
  if (!sources.length) throw asError({ code: "address", message: "There is nothing to open.", hint: "Give a file, an address, or demo:films.", file: "", line: 0, column: 0 });
  const wanted = link?.recipe ?? recipe;
  const checked = wanted ? await engine.call("checkRecipe", [wanted]) : await options.read();
  const map = await session.open(sources, { recipe: checked, link });
  if (link) expect(null);
  return map;
}

/** @param {string[]} addresses */
const sourcesOf = (addresses) => addresses.flatMap((address) => Drop.sources(address, document.baseURI));

async function openLink() {
  const { greet } = await parts;
  const link = await Link.parse(location.hash);
  if (!link) return;
  if (!link.files.length) {
    expect(null);
    await open(sourcesOf(link.data), link);
    return;
  }
  if (link.recipe) await engine.call("checkRecipe", [link.recipe]);
  expect(link);
  greet(true);
}

/** @type {Parts | null} */
let made = null;
const parts = start();
parts.then((all) => (made = all), () => {}); // whoever awaits parts tells of the failure

new Drop(
  {
    veil: find("veil"),
    chooser: /** @type {HTMLInputElement} */ (find("chooser")),
    form: /** @type {HTMLFormElement} */ (find("address-form")),
    address: /** @type {HTMLInputElement} */ (find("address")),
    demos: document.querySelectorAll("button[data-demo]"),
  },
  (sources) => {
    const local = sources.some(({ origin }) => origin === "");
    const link = local ? expected : null;
    open([...sources, ...sourcesOf(link?.data ?? [])], link).catch(fail);
  },
  fail,
);
find("expected-forget").addEventListener("click", () => {
  expect(null);
  banner.clear();
  history.replaceState(null, "", location.href.split("#")[0]);
});
addEventListener("hashchange", () => openLink().catch(fail));

const ready = parts.then(openLink).catch(fail);
Object.assign(window, {
  archipelago: api({
    ready,
    parts: () => made,
    async open(files, recipe) {
      try {
        return await open(files.flatMap((file) => Drop.sources(file, document.baseURI)), null, recipe);
      } catch (error) {
        fail(error);
        throw asError(error);
      }
    },
    error: () => lastError,
    listeners,
  }),
});
