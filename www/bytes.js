// Source -> chunks of plain bytes, read inside the worker, never the whole file at once.
// Gzip is recognized by its first two bytes, not by its name, and unpacked on the way.

/**
 * @param {string} code
 * @param {string} message
 * @param {string} hint
 * @param {string} file
 * @returns {import("./types.js").ErrorObject}
 */
function failure(code, message, hint, file) {
  return { code, message, hint, file, line: 0, column: 0 };
}

/**
 * @param {string} address
 * @param {string} name
 * @param {AbortSignal} signal
 * @returns {Promise<{stream: ReadableStream<Uint8Array<ArrayBuffer>>, total: number}>}
 */
async function fetchSource(address, name, signal) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(address, { signal, credentials: "omit", referrerPolicy: "no-referrer" });
  } catch (error) {
    if (signal.aborted) throw error;
    throw failure(
      "fetch",
      `${address} could not be read.`,
      "The address may be wrong, or its server does not let other pages read it (CORS). Download the file and drop it here instead.",
      name,
    );
  }
  if (!response.ok || !response.body) {
    throw failure("fetch", `${address} answered ${response.status} ${response.statusText}`.trim() + ".", "Check the address in a browser tab.", name);
  }
  if ((response.headers.get("content-type") ?? "").startsWith("text/html")) {
    throw failure("fetch", `${address} is a web page, not a CSV file.`, "Look for a link named “raw” or “download” and paste that address.", name);
  }
  // With Content-Encoding the length counts packed bytes, while the stream gives unpacked ones.
  const length = response.headers.has("content-encoding") ? 0 : Number(response.headers.get("content-length"));
  return { stream: response.body, total: Number.isFinite(length) ? length : 0 };
}

/**
 * The chunks of one source in order, gunzipped where needed.
 * @param {import("./types.js").Source} source
 * @param {AbortSignal} signal
 * @param {(read: number, total: number) => void} onRead bytes taken from the source so far, of how many (0 = unknown)
 * @returns {AsyncGenerator<Uint8Array, void, void>} throws an ErrorObject
 */
export async function* bytes(source, signal, onRead) {
  const { stream, total } = source.blob
    ? { stream: source.blob.stream(), total: source.blob.size }
    : await fetchSource(source.url ?? "", source.name, signal);
  const reader = stream.getReader();
  let read = 0;
  let packed = false;
  const next = async () => {
    const { value, done } = await reader.read();
    if (value) onRead((read += value.length), total);
    return done ? undefined : value;
  };
  try {
    let first = await next();
    // The two magic bytes may come apart in a slow download.
    while (first && first.length < 2) {
      const more = await next();
      if (!more) break;
      const joined = new Uint8Array(first.length + more.length);
      joined.set(first);
      joined.set(more, first.length);
      first = joined;
    }
    if (!first) return;
    packed = first[0] === 0x1f && first[1] === 0x8b;
    if (!packed) {
      for (let chunk = /** @type {Uint8Array | undefined} */ (first); chunk; chunk = await next()) yield chunk;
      return;
    }
    let head = /** @type {Uint8Array<ArrayBuffer> | undefined} */ (first);
    const rest = new ReadableStream({
      async pull(controller) {
        const chunk = head ?? (await next());
        head = undefined;
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
    });
    const unpacked = rest.pipeThrough(new DecompressionStream("gzip")).getReader();
    for (;;) {
      const { value, done } = await unpacked.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    if (signal.aborted || (error instanceof Object && "code" in error && "hint" in error)) throw error;
    throw packed
      ? failure("gzip", `${source.name} is a damaged gzip file.`, "Download or pack it again, or drop the unpacked CSV.", source.name)
      : failure("read", `${source.name} could not be read to its end.`, "It may have been moved or changed, or the connection broke. Try again.", source.name);
  } finally {
    // Also reached when the consumer stops early: frees the file or the connection.
    reader.cancel().catch(() => {});
  }
}
