// Page side of the compute worker: calls in, promises out. Every error reaches the caller.

import { failure } from "./errors.js";

/** @typedef {import("./types.js").Progress} Progress */

export class Engine {
  /** Rises with every start of the worker: data read by an earlier one is gone. */
  generation = 0;
  /** Resolves when the worker has loaded a wasm build; rejects with an ErrorObject.
   * @type {Promise<import("./types.js").Started>} */
  started;

  #lastId = 0;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: unknown) => void, onProgress?: (progress: Progress) => void}>} */
  #pending = new Map();
  /** @type {Worker} */
  #worker;
  #makeWorker;
  #wish;

  /**
   * @param {() => Worker} makeWorker
   * @param {{threads: number | null, build: string | null}} wish see load.js
   */
  constructor(makeWorker, wish) {
    this.#makeWorker = makeWorker;
    this.#wish = wish;
    this.#worker = this.#start();
    this.started = this.call("start", [wish]);
    this.started.catch(() => {}); // whoever awaits it hears of it; nobody else must
  }

  /**
   * @param {string} call
   * @param {unknown[]} [args]
   * @param {(progress: Progress) => void} [onProgress]
   * @returns {Promise<any>} rejects with an ErrorObject
   */
  call(call, args = [], onProgress) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress });
      this.#worker.postMessage({ id, call, args });
    });
  }

  /** Stops the running job, if any; its call then rejects with the code "cancelled". */
  cancel() {
    return this.call("cancel");
  }

  #start() {
    this.generation += 1;
    const worker = this.#makeWorker();
    worker.addEventListener("message", ({ data }) => this.#answer(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      const hint = "Reload the page. If that does not help, the files of this site are incomplete or blocked.";
      this.#failAll(failure("worker", `The compute worker failed${event.message ? `: ${event.message}` : ""}.`, hint));
    });
    worker.addEventListener("messageerror", () => this.#failAll(failure("worker", "An answer of the compute worker could not be read.", "Reload the page.")));
    return worker;
  }

  /** @param {{id: number, ok?: unknown, error?: import("./types.js").ErrorObject, progress?: Progress}} message */
  #answer({ id, ok, error, progress }) {
    const caller = this.#pending.get(id);
    if (!caller) return;
    if (progress) {
      caller.onProgress?.(progress);
      return;
    }
    this.#pending.delete(id);
    if (!error) {
      caller.resolve(ok);
      return;
    }
    // After a trap, or with its memory exhausted, the wasm instance cannot be trusted.
    if (error.code === "crash" || error.code === "memory") this.#restart(error);
    caller.reject(error);
  }

  /** @param {import("./types.js").ErrorObject} reason */
  #restart(reason) {
    this.#worker.terminate();
    this.#failAll(reason);
    this.#worker = this.#start();
    this.started = this.call("start", [this.#wish]);
    this.started.catch(() => {});
  }

  /** @param {import("./types.js").ErrorObject} error */
  #failAll(error) {
    const callers = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of callers) reject(error);
  }
}
