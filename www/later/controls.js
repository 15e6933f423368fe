// Controls that the groups of the sheet "Display" are made of.

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [props] its properties
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, props = {}, children = []) {
  const element = document.createElement(tag);
  Object.assign(element, props);
  element.append(...children);
  return element;
}

let last = 0;

/** A label over a control, and help below it.
 * @param {string} text
 * @param {HTMLElement} control
 * @param {string} [help]
 * @param {HTMLElement} [beside] what stands at the right of the control
 */
export function field(text, control, help = "", beside) {
  control.id ||= `display-${(last += 1)}`;
  const label = make("label", { htmlFor: control.id, textContent: text });
  const line = make("div", { className: "together" }, beside ? [control, beside] : [control]);
  const box = make("div", { className: "field" }, [label, line]);
  if (help) {
    const note = make("p", { className: "help", id: `${control.id}-help`, textContent: help });
    control.setAttribute("aria-describedby", note.id);
    box.append(note);
  }
  return box;
}

/** A box to tick, with its text.
 * @param {string} text
 * @param {boolean} checked
 * @param {(checked: boolean) => void} onChange
 */
export function check(text, checked, onChange) {
  const input = make("input", { type: "checkbox", checked });
  input.addEventListener("change", () => onChange(input.checked));
  return make("label", { className: "check" }, [input, text]);
}

/** A list to choose from.
 * @param {[value: string, label: string][]} choices
 * @param {(value: string) => void} onChange
 */
export function select(choices, onChange) {
  const element = make("select", {}, choices.map(([value, label]) => new Option(label, value)));
  element.addEventListener("change", () => onChange(element.value));
  return element;
}

/** A slider that tells its value in words.
 * @param {{label: string, min: number, max: number, step: number, value: number, tell: (value: number) => string, help?: string}} range
 * @param {(value: number) => void} onInput
 */
export function slider({ label, min, max, step, value, tell, help }, onInput) {
  const input = make("input", { type: "range" });
  Object.assign(input, { min, max, step, value });
  const output = make("output", { className: "number" });
  const say = () => {
    const text = tell(input.valueAsNumber);
    output.textContent = text;
    input.setAttribute("aria-valuetext", text);
  };
  input.addEventListener("input", () => {
    say();
    onInput(input.valueAsNumber);
  });
  say();
  const box = field(label, input, help, output);
  output.htmlFor.add(input.id);
  return box;
}

/** A group with its name.
 * @param {string} name
 * @param {HTMLElement[]} rows
 */
export function fieldset(name, rows) {
  return make("fieldset", { className: "group" }, [make("legend", { textContent: name }), ...rows]);
}
