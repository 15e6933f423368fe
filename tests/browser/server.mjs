// A static file server for the tests: www/ with or without the headers that make a page
// cross-origin isolated (and so allow threads), and a few made-up files beside it.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".csv": "text/csv; charset=utf-8",
};

const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/**
 * @param {string} root
 * @param {{isolated?: boolean, files?: Record<string, {body: string | Buffer, type?: string}>}} [options]
 *   files: served at these paths ("/made.csv") before the root is looked at
 * @returns {Promise<{address: string, close: () => Promise<void>}>}
 */
export async function serve(root, { isolated = true, files = {} } = {}) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const headers = { ...(isolated ? ISOLATION : {}), "Cache-Control": "no-store" };
    if (path in files) {
      response.writeHead(200, { ...headers, "Content-Type": files[path].type ?? "text/csv" }).end(files[path].body);
      return;
    }
    const file = join(root, normalize(path), path.endsWith("/") ? "index.html" : "");
    try {
      const { size } = await stat(file);
      response.writeHead(200, { ...headers, "Content-Type": TYPES[extname(file)] ?? "application/octet-stream", "Content-Length": size });
      createReadStream(file).pipe(response);
    } catch {
      response.writeHead(404, { ...headers, "Content-Type": "text/plain" }).end("There is no such file.");
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    address: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
