// The recipe as a form: presets, fields, seed, and all of it as JSON. The recipe object is the engine's own: presets,
// defaults and checks come from there, this file and later/fieldset.js only show them.

/** @typedef {import("./types.js").Recipe} Recipe */
/** @typedef {import("./types.js").ErrorObject} ErrorObject */

const HELP = {
  default: "Chosen by measurement: popular items do not draw everything to themselves.",
  author: "Raw counts, as in the hand-made maps this follows: popular items sit in the middle.",
  custom: "A recipe of your own: choose a preset to go back.",
};

/** @param {Recipe} recipe the parts that do not make it another preset */
function withoutFields(recipe) {
  return JSON.stringify({ ...recipe, seed: 0, collect: { ...recipe.collect, minCollections: 0 } });
}

export class Options {
  #elements;
  #engine;
  /** There once the form was opened. @type {import("./later/fieldset.js").Fieldset | null} */
  #fields = null;
  /** @type {Promise<void> | null} */
  #loading = null;
  /** @type {Record<string, string[]>} */
  #fitting = {};
  /** @type {Recipe | null} */
  #recipe = null;
  /** @type {import("./types.js").FileSummary | null} */
  #file = null;
  /** @type {Map<string, Recipe>} */
  #presets = new Map();
  /** Key of the field that is wrong, "" = none. */
  #wrong = "";
  /** Only the answer to the latest question to the engine counts: more may have been typed since. */
  #request = 0;

  /**
   * @param {object} elements
   * @param {HTMLFormElement} elements.form
   * @param {HTMLSelectElement} elements.preset
   * @param {HTMLElement} elements.help
   * @param {HTMLElement} elements.sections
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
    const { form, preset, seed, dice, json } = elements;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await this.#readAll()) onSubmit();
      else if (this.#wrong) this.#fields?.reveal(this.#wrong);
    });
    preset.addEventListener("change", () => {
      const chosen = this.#presets.get(preset.value);
      if (chosen && this.#recipe) this.set({ ...chosen, seed: this.#recipe.seed });
    });
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

  /** Makes the form, when it is first opened. */
  form() {
    return (this.#loading ??= this.#make().catch((error) => {
      this.#loading = null;
      throw error;
    }));
  }

  async #make() {
    const [{ Fieldset }, { FITTING }, known] = await Promise.all([
      import("./later/fieldset.js"),
      import("./later/fields.js"),
      this.#engine.call("defaultRecipe", ["default"]),
    ]);
    this.#fitting = FITTING;
    this.#fields = new Fieldset(
      this.#elements.sections,
      known,
      (key) => this.#changed(key),
      (recipe, n) => this.#engine.call("formulaPreview", [recipe, n]),
    );
    this.#fields.set(this.#recipe ?? known, this.#file);
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

  /** What stands in the controls now. */
  get #typed() {
    const { seed, json } = this.#elements;
    return { fields: JSON.stringify(this.#fields?.read()), seed: seed.value, json: json.value };
  }

  /**
   * @param {Recipe} recipe already checked
   * @param {{fields: string, seed: string, json: string}} [asked] what was typed when it was sent: what was typed since stays
   */
  set(recipe, asked = this.#typed) {
    const now = this.#typed;
    this.#recipe = structuredClone(recipe);
    const { preset, help, seed, json } = this.#elements;
    const name = [...this.#presets].find(([, known]) => withoutFields(known) === withoutFields(recipe))?.[0] ?? "custom";
    preset.value = name;
    help.textContent = HELP[/** @type {keyof typeof HELP} */ (name)];
    if (now.seed === asked.seed) seed.value = String(recipe.seed);
    if (now.json === asked.json) json.value = JSON.stringify(recipe, null, 2);
    if (now.fields === asked.fields) this.#fields?.set(recipe, this.#file);
    this.#complain(null, null);
  }

  /** @param {import("./types.js").FileSummary | null} file the rows that the next map is of: their columns are offered */
  setFile(file) {
    this.#file = file;
    if (this.#recipe) this.#fields?.set(this.#recipe, file);
  }

  /** Shows an engine's error at its field, if there is one. @param {ErrorObject} error @param {string} key the option to change */
  async point(error, key) {
    await this.form();
    this.#fields?.reveal(this.#fields.complain(error.message, error.column) || key);
  }

  /** @param {string} key of the field that was left */
  async #changed(key) {
    this.#fields?.refresh();
    if (key === "count.pairWeight" && this.#fields?.awaitsFormula) return this.#fields.reveal("count.formula");
    if (key === "count.similarity") await this.#fit();
    await this.#readFields();
  }

  /** Another similarity may need another distance: the first that the engine accepts. */
  async #fit() {
    const recipe = this.#fields?.read();
    const count = /** @type {Record<string, any> | undefined} */ (recipe?.count);
    if (!recipe || !count) return;
    const choices = [...(this.#fitting[count.similarity] ?? []), ...this.#fitting[""]];
    for (const dissimilarity of choices) {
      try {
        await this.#engine.call("checkRecipe", [{ count: { similarity: count.similarity, dissimilarity } }]);
        return this.#fields?.put("count.dissimilarity", dissimilarity);
      } catch {
        // The next one.
      }
    }
  }

  /** Whatever was typed last, even without leaving its field. */
  async #readAll() {
    const { json } = this.#elements;
    if (this.#recipe && json.value !== JSON.stringify(this.#recipe, null, 2)) return this.#readJson();
    return this.#readFields();
  }

  async #readFields() {
    const { seed } = this.#elements;
    const recipe = this.#fields?.read();
    if (!recipe) return false;
    const mistyped = this.#fields?.mistyped();
    if (mistyped) return this.#complain(null, { message: mistyped, hint: "", column: 0 });
    const number = Number(seed.value);
    if (!/^[0-9]+$/.test(seed.value) || !Number.isSafeInteger(number)) {
      return this.#complain(seed, { message: "The seed must be a whole number from 0 to 9007199254740991.", hint: "", column: 0 });
    }
    return this.#check({ ...recipe, seed: number }, null);
  }

  async #readJson() {
    const { json } = this.#elements;
    try {
      return await this.#check(JSON.parse(json.value), json);
    } catch (error) {
      return this.#complain(json, { message: `This is not valid JSON: ${/** @type {Error} */ (error).message}`, hint: "", column: 0 });
    }
  }

  /**
   * @param {object} recipe
   * @param {HTMLElement | null} field null: that which the error names
   */
  async #check(recipe, field) {
    const request = ++this.#request;
    const asked = this.#typed;
    try {
      const whole = await this.#engine.call("checkRecipe", [recipe]);
      if (request !== this.#request) return false;
      this.set(whole, asked);
      return true;
    } catch (error) {
      if (request !== this.#request) return false;
      return this.#complain(field, /** @type {ErrorObject} */ (error));
    }
  }

  /**
   * @param {HTMLElement | null} field
   * @param {{message: string, hint: string, column: number} | null} wrong
   */
  #complain(field, wrong) {
    const { seed, json, error } = this.#elements;
    for (const each of [seed, json]) {
      if (each === field) each.setAttribute("aria-invalid", "true");
      else each.removeAttribute("aria-invalid");
    }
    this.#wrong = (!field && this.#fields?.complain(wrong?.message ?? "", wrong?.column)) || "";
    error.textContent = wrong && !this.#wrong ? `${wrong.message} ${wrong.hint}`.trim() : "";
    return false;
  }
}
