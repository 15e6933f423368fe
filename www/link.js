// The share link: everything after "#", in the manner of URLSearchParams.
//
//   v=1                        map version: other bits are expected from another version
//   data=demo:films            a demo set, or data=https://... (again for further files)
//   file=NAME:HASH             a file of the sender's computer (again for further files)
//   recipe=...                 base64url(deflate-raw(JSON of the full recipe))
//   map=...                    hash of the final positions
//   x= y= zoom=                camera; left out when it shows the whole map
//   mode=galaxy                how it is shown; left out for the flat map
//   at=x,y,z eye=x,y,z as=...  the camera's target and its eye in space, and how the galaxy lies (later/frame.js); left out
//                              when all is shown
//   color=...                  column name, empty for none
//
// A link comes from strangers: parse() checks every part and rejects the link with a
// sentence; the recipe's own keys and ranges are checked by the engine afterwards.

import { MODES } from "./depth.js";
import { failure } from "./errors.js";

/** Far above any real link (about 1,000 characters), far below what could hurt. */
const MOST_CHARACTERS = 20_000;
const MOST_RECIPE_BYTES = 100_000;
const MOST_FILES = 16;
/** Keys of the camera in space. */
const SPACE = ["at", "eye", "as"];

/**
 * @param {string} what
 * @returns {import("./types.js").ErrorObject}
 */
function broken(what) {
  return failure("link", `This link is broken: ${what}.`, "Ask for it again, or open the data yourself.");
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {GenericTransformStream} through
 * @param {number} most bytes of output accepted
 */
async function pump(bytes, through, most) {
  const stream = /** @type {ReadableStream<Uint8Array>} */ (new Blob([bytes]).stream().pipeThrough(through));
  /** @type {number[]} */
  const out = [];
  for await (const chunk of readAll(stream)) {
    if (out.length + chunk.length > most) throw new RangeError("too long");
    out.push(...chunk);
  }
  return new Uint8Array(out);
}

/** Streams are not async iterable everywhere yet.
 * @param {ReadableStream<Uint8Array>} stream
 */
async function* readAll(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** @param {object} recipe */
async function packRecipe(recipe) {
  const json = new TextEncoder().encode(JSON.stringify(recipe));
  const packed = await pump(json, new CompressionStream("deflate-raw"), MOST_RECIPE_BYTES);
  return btoa(String.fromCharCode(...packed)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} text */
async function unpackRecipe(text) {
  try {
    const packed = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const json = await pump(packed, new DecompressionStream("deflate-raw"), MOST_RECIPE_BYTES);
    const recipe = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
    if (recipe === null || typeof recipe !== "object" || Array.isArray(recipe)) throw new TypeError("not an object");
    return /** @type {object} */ (recipe);
  } catch {
    throw broken("its recipe cannot be read");
  }
}

/** @param {string} value */
function checkData(value) {
  if (/^demo:[a-z0-9-]{1,40}$/.test(value)) return value;
  try {
    const url = new URL(value);
    if (url.protocol === "https:" || url.protocol === "http:") return url.href;
  } catch {
    // falls through to the one message below
  }
  throw broken("its data address is neither a demo nor a web address");
}

/** @param {string} value */
function checkFile(value) {
  const cut = value.lastIndexOf(":");
  const name = value.slice(0, cut);
  const hash = value.slice(cut + 1);
  if (cut < 1 || name.length > 255 || !/^[0-9a-f]{32}$/.test(hash)) throw broken("its file has no valid name and hash");
  return { name, hash };
}

/**
 * @param {URLSearchParams} params
 * @returns {import("./types.js").Camera | null}
 */
function checkCamera(params) {
  const texts = ["x", "y", "zoom"].map((key) => params.get(key));
  if (texts.every((text) => text === null)) return null;
  const [x, y, zoom] = texts.map((text) => (text === null || text.trim() === "" ? NaN : Number(text)));
  const good = Math.abs(x) <= 1e9 && Math.abs(y) <= 1e9 && zoom > 1e-9 && zoom < 1e12;
  if (!good) throw broken("its view is not three sensible numbers");
  return { x, y, zoom };
}

/**
 * @param {URLSearchParams} params
 * @returns {number[] | null}
 */
function checkSpace(params) {
  const texts = SPACE.map((key) => params.get(key));
  if (texts.every((text) => text === null)) return null;
  const numbers = texts.filter((text) => text !== null).flatMap((text) => text.split(",")).map((text) => (text.trim() === "" ? NaN : Number(text)));
  const apart = [0, 1, 2].some((axis) => numbers[axis] !== numbers[axis + 3]);
  const good = (numbers.length === 6 || numbers.length === 22) && numbers.every((c) => Math.abs(c) <= 1e9) && apart;
  if (!good) throw broken("its view in space is not sensible numbers");
  return numbers;
}

export class Link {
  /**
   * @param {string} hash location.hash, with or without "#"
   * @returns {Promise<import("./types.js").LinkContent | null>} null when there is no link at all;
   *   rejects with an ErrorObject
   */
  static async parse(hash) {
    const text = hash.replace(/^#/, "");
    if (text === "") return null;
    if (text.length > MOST_CHARACTERS) throw broken("it is far too long");
    const params = new URLSearchParams(text);
    const version = params.get("v") ?? "";
    if (!/^[0-9]{1,9}$/.test(version)) throw broken("it has no version number");
    const data = params.getAll("data").map(checkData);
    const files = params.getAll("file").map(checkFile);
    if (data.length + files.length === 0) throw broken("it names no data");
    if (data.length + files.length > MOST_FILES) throw broken("it names too many files");
    const recipe = params.get("recipe");
    const mapHash = params.get("map") ?? "";
    if (mapHash !== "" && !/^[0-9a-f]{16}$/.test(mapHash)) throw broken("its map hash is not valid");
    const color = params.get("color");
    const mode = params.get("mode") ?? "";
    if (mode && !MODES.some(({ name }) => name === mode)) throw broken("it asks for a view that there is not");
    return {
      version: Number(version),
      data,
      files,
      recipe: recipe === null ? null : await unpackRecipe(recipe),
      mapHash,
      camera: checkCamera(params),
      mode,
      space: checkSpace(params),
      color: color === null ? null : color.slice(0, 500),
    };
  }

  /**
   * @param {import("./types.js").LinkContent} content
   * @param {string} page address of the page, without "#"
   * @returns {Promise<string>}
   */
  static async build({ version, data, files, recipe, mapHash, camera, mode, space, color }, page) {
    const params = new URLSearchParams({ v: String(version) });
    for (const address of data) params.append("data", address);
    for (const { name, hash } of files) params.append("file", `${name}:${hash}`);
    if (recipe) params.append("recipe", await packRecipe(recipe));
    if (mapHash) params.append("map", mapHash);
    if (camera) for (const key of /** @type {const} */ (["x", "y", "zoom"])) params.append(key, String(camera[key]));
    if (mode) params.append("mode", mode);
    const parts = space ? [space.slice(0, 3), space.slice(3, 6), space.slice(6)] : [];
    parts.forEach((part, i) => part.length && params.append(SPACE[i], part.map((c) => Number(c.toPrecision(7))).join()));
    if (color !== null) params.append("color", color);
    return `${page}#${params}`;
  }
}

/**
 * A link to local files goes on only with exactly these files.
 * @param {import("./types.js").LinkContent} link
 * @param {import("./types.js").FileSummary[]} files as they were read
 * @param {import("./types.js").Source[]} sources where they came from
 * @returns {import("./types.js").ErrorObject | null} what to say about a file that is not the link's
 */
export function unlike(link, files, sources) {
  const local = files.filter((_, i) => sources[i].origin === "");
  const stranger = link.files.length && local.find(({ hash }) => !link.files.some((file) => file.hash === hash));
  if (!stranger) return null;
  const error = failure(
    "other-file",
    `${stranger.file} is not the file this link was made from.`,
    `The link was made from ${link.files.map(({ name }) => name).join(" and ")}, and its content differs. Drop that file, or choose “Forget the link” to map yours.`,
  );
  return { ...error, file: stranger.file };
}
