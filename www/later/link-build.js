// A share link, written: the other side of link.js, which says what is in it.

import { Density } from "../density.js";
import { MOST_RECIPE_BYTES, pump } from "../link.js";

/** @param {object} recipe */
async function packRecipe(recipe) {
  const json = new TextEncoder().encode(JSON.stringify(recipe));
  const packed = await pump(json, new CompressionStream("deflate-raw"), MOST_RECIPE_BYTES);
  return btoa(String.fromCharCode(...packed)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * @param {import("../types.js").LinkContent} content
 * @param {string} page address of the page, without "#"
 * @returns {Promise<string>}
 */
export async function buildLink({ version, data, files, recipe, mapHash, turn, camera, mode, space, shading, color }, page) {
  const params = new URLSearchParams({ v: String(version) });
  for (const address of data) params.append("data", address);
  for (const { name, hash } of files) params.append("file", `${name}:${hash}`);
  if (recipe) params.append("recipe", await packRecipe(recipe));
  if (mapHash) params.append("map", mapHash);
  if (turn?.some((c) => c !== 0 && c !== 1)) params.append("turn", turn.join());
  if (camera) for (const key of /** @type {const} */ (["x", "y", "zoom"])) params.append(key, String(camera[key]));
  if (mode !== "map") params.append("mode", mode);
  if (space) ["at", "eye"].forEach((key, i) => params.append(key, space.slice(3 * i, 3 * i + 3).map((c) => c.toPrecision(7)).join()));
  if (color !== null) params.append("color", color);
  if (shading) params.append("shading", Density.text(shading));
  return `${page}#${params}`;
}
