// UMAP of a JavaScript peer from given lists of nearest neighbors (the point itself left out), timed with its start.
//
//   node umap_peers.mjs embedding-atlas|umap-js MODULE N K EPOCHS FOLDER
//
// FOLDER holds indices.i32 and distances.f32, and gets NAME.f32, the layout. Prints {"seconds": ..., "work": processor seconds}.

import { readFileSync, writeFileSync } from "node:fs";

const [name, module, ...numbers] = process.argv.slice(2, 7);
const folder = process.argv[7];
const [n, k, epochs] = numbers.map(Number);
/** @param {string} file @param {any} Type */
const read = (file, Type) => new Type(new Uint8Array(readFileSync(`${folder}/${file}`)).buffer);
const indices = read("indices.i32", Int32Array);
const distances = read("distances.f32", Float32Array);

/** @type {Record<string, () => Promise<() => Promise<ArrayLike<number>>>>} */
const peers = {
  "embedding-atlas": async () => {
    Object.assign(globalThis, { self: globalThis });
    const { createUMAPFromKNN } = await import(module);
    return async () => {
      const umap = await createUMAPFromKNN(n, 2, indices, distances, { gpu: false, minDist: 0.1, seed: 1, nEpochs: epochs });
      await umap.run();
      return umap.embedding;
    };
  },
  "umap-js": async () => {
    const { UMAP } = (await import(module)).default;
    // It counts the point itself.
    const lists = Array.from({ length: n }, (_, i) => [i, ...indices.subarray(i * k, i * k + k)]);
    const lengths = lists.map((_, i) => [0, ...distances.subarray(i * k, i * k + k)]);
    return async () => {
      const umap = new UMAP({ nComponents: 2, nNeighbors: k + 1, minDist: 0.1, nEpochs: epochs });
      umap.setPrecomputedKNN(lists, lengths);
      umap.initializeFit(lists.map(() => [0]));
      for (let epoch = 0; epoch < epochs; epoch += 1) umap.step();
      return umap.getEmbedding().flat();
    };
  },
};

const work = await peers[name]();
const began = performance.now();
const worked = process.cpuUsage();
const layout = await work();
const { user, system } = process.cpuUsage(worked);
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000, work: (user + system) / 1e6 }));
writeFileSync(`${folder}/${name}.f32`, new Uint8Array(Float32Array.from(layout).buffer));
process.exit(0);
