// A page with nothing on it but a dark ground, for draw_page.js: what the bench and the pictures of the peers are drawn on.

import { fileURLToPath } from "node:url";
import { launch } from "./site.mjs";

const HTML = "<!doctype html><style>body{margin:0;background:#0b0e14}canvas{display:block}</style><script>window.archipelago=1</script>";
// Isolated, so that its clock is fine enough.
const HEADERS = { "content-type": "text/html", "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** @param {string} name a file beside this one */
export const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Works on such a page, in a browser of its own: what one program leaves behind, or a device that hangs, is nobody else's.
 * @template T
 * @param {(page: import("playwright-core").Page) => Promise<T>} work
 * @param {{seconds: number, before?: (page: import("playwright-core").Page) => Promise<unknown>}} limit work that takes longer is given up
 * @returns {Promise<T>}
 */
export async function blank(work, { seconds, before }) {
  const { open, close } = await launch();
  const scripts = {
    // PEERS and ATLAS name the bundles that xtask makes.
    "peers.js": process.env.PEERS ?? "",
    "atlas.js": process.env.ATLAS ?? "",
    "draw_page.js": here("draw_page.js"),
    // In dist/ it is a part of the page's one script.
    "motion.js": here("../../www/motion.js"),
  };
  const prepare = async (/** @type {import("playwright-core").Page} */ page) => {
    page.on("pageerror", (error) => console.error(`page: ${error.message}`));
    for (const [name, path] of Object.entries(scripts)) {
      await page.route(`**/${name}`, (route) => route.fulfill({ path, contentType: "text/javascript" }));
    }
    await page.route(/\/$/, (route) => route.fulfill({ body: HTML, headers: HEADERS }));
    await before?.(page);
  };
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${seconds} s`)), 1000 * seconds);
  });
  try {
    return await Promise.race([open({ wait: false, before: prepare }).then(work), /** @type {Promise<never>} */ (late)]);
  } finally {
    clearTimeout(timer);
    await close();
  }
}
