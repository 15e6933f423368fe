// The recipe as a form. The recipe object is the engine's own: presets, defaults and checks
// all come from there, this file only shows them.

/** @typedef {import("./types.js").Recipe} Recipe */

const HELP = {
  default: "Cosine similarity: popular items do not draw everything to themselves.",
  author: "Raw counts, as in the hand-made maps this follows: popular items sit in the middle.",
  custom: "Changed by hand, below under “All options”.",
};

/** @param {Recipe} recipe the parts that have a field of their own do not make it another preset */
function withoutFields(recipe) {
  return JSON.stringify({ ...recipe, seed: 0, collect: { ...recipe.collect, minCollections: 0 } });
}

export class Options {
  #elements;
  #engine;
  /** @type {Recipe | null} */
  #recipe = null;
  /** @type {Map<string, Recipe>} */
  #presets = new Map();

  /**
   * @param {object} elements
   * @param {HTMLFormElement} elements.form
   * @param {HTMLSelectElement} elements.preset
   * @param {HTMLElement} elements.help
   * @param {HTMLInputElement} elements.minCollections
   * @param {HTMLInputElement} elements.seed
   * @param {HTMLButtonElement} elements.dice
   * @param {HTMLTextAreaElement} elements.json
   * @param {HTMLElement} elements.error
   * @param {import("./engine.js").Engine} engine
   * @param {() => void} onSubmit the form was sent and its recipe is good
   */
  constructor(elements, engine, onSubmit) {
    this.#elements = elements;
    this.#engine = engine;
    const { form, preset, minCollections, seed, dice, json } = elements;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await this.#readAll()) onSubmit();
    });
    preset.addEventListener("change", () => {
      const chosen = this.#presets.get(preset.value);
      if (chosen && this.#recipe) this.set({ ...chosen, seed: this.#recipe.seed });
    });
    minCollections.addEventListener("change", () => this.#readFields());
    seed.addEventListener("change", () => this.#readFields());
    dice.addEventListener("click", async () => {
      if (this.#recipe) this.set({ ...this.#recipe, seed: await engine.call("freshSeed") });
    });
    json.addEventListener("change", () => this.#readJson());
  }

  /** Asks the engine for its presets. */
  async load() {
    for (const name of ["default", "author"]) this.#presets.set(name, await this.#engine.call("defaultRecipe", [name]));
    if (!this.#recipe) this.set(/** @type {Recipe} */ (this.#presets.get("default")));
  }

  /** The recipe of the next map. Throws an ErrorObject while the engine has not started. */
  get recipe() {
    if (!this.#recipe) throw { code: "starting", message: "The page is still starting.", hint: "Try again in a moment.", file: "", line: 0, column: 0 };
    return structuredClone(this.#recipe);
  }

  /** The recipe as it is typed now, even in a field that was not left; the last good one where that is wrong. */
  async read() {
    await this.#readAll();
    return this.recipe;
  }

  /** @param {Recipe} recipe already checked */
  set(recipe) {
    this.#recipe = structuredClone(recipe);
    const { preset, help, minCollections, seed, json } = this.#elements;
    const name = [...this.#presets].find(([, known]) => withoutFields(known) === withoutFields(recipe))?.[0] ?? "custom";
    preset.value = name;
    help.textContent = HELP[/** @type {keyof typeof HELP} */ (name)];
    minCollections.value = String(recipe.collect.minCollections);
    seed.value = String(recipe.seed);
    json.value = JSON.stringify(recipe, null, 2);
    this.#complain(null, "");
  }

  /** Whatever was typed last, even without leaving its field. */
  async #readAll() {
    const { json } = this.#elements;
    if (this.#recipe && json.value !== JSON.stringify(this.#recipe, null, 2)) return this.#readJson();
    return this.#readFields();
  }

  async #readFields() {
    const { minCollections, seed } = this.#elements;
    if (!this.#recipe) return false;
    const fewest = minCollections.valueAsNumber;
    if (!Number.isInteger(fewest) || fewest < 1) return this.#complain(minCollections, "The number of collections must be a whole number, 1 or more.");
    const number = Number(seed.value);
    if (!/^[0-9]+$/.test(seed.value) || !Number.isSafeInteger(number)) {
      return this.#complain(seed, "The seed must be a whole number from 0 to 9007199254740991.");
    }
    return this.#check({ ...this.#recipe, seed: number, collect: { ...this.#recipe.collect, minCollections: fewest } }, minCollections);
  }

  async #readJson() {
    const { json } = this.#elements;
    try {
      return await this.#check(JSON.parse(json.value), json);
    } catch (error) {
      return this.#complain(json, `This is not valid JSON: ${/** @type {Error} */ (error).message}`);
    }
  }

  /**
   * @param {object} recipe
   * @param {HTMLElement} field
   */
  async #check(recipe, field) {
    try {
      this.set(await this.#engine.call("checkRecipe", [recipe]));
      return true;
    } catch (error) {
      const { message, hint } = /** @type {import("./types.js").ErrorObject} */ (error);
      return this.#complain(field, `${message} ${hint}`.trim());
    }
  }

  /**
   * @param {HTMLElement | null} field
   * @param {string} message
   */
  #complain(field, message) {
    const { minCollections, seed, json, error } = this.#elements;
    for (const each of [minCollections, seed, json]) {
      if (each === field) each.setAttribute("aria-invalid", "true");
      else each.removeAttribute("aria-invalid");
    }
    error.textContent = message;
    return false;
  }
}
