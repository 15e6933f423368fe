// The group "Camera" of the sheet "Display".

import { cameraSettings, setCameraSettings } from "./camera-settings.js";

/** What can be switched on and off. */
const SWITCHES = /** @type {const} */ ([
  ["minimap", "Overview map", "A small map of everything, shown while only a part is in view. Click or drag in it."],
  ["inertia", "Glide on after a drag", "Never where this device asks for less motion."],
]);

/** @returns {HTMLElement} */
export function group() {
  const set = document.createElement("fieldset");
  set.className = "group";
  const legend = document.createElement("legend");
  legend.textContent = "Camera";
  set.append(legend);
  const now = cameraSettings();
  for (const [name, text, help] of SWITCHES) {
    const label = document.createElement("label");
    label.className = "check";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.id = `display-${name}`;
    box.checked = now[name];
    box.setAttribute("aria-describedby", `display-${name}-help`);
    box.addEventListener("change", () => setCameraSettings({ [name]: box.checked }));
    label.append(box, text);
    const note = document.createElement("p");
    note.className = "help";
    note.id = `display-${name}-help`;
    note.textContent = help;
    set.append(label, note);
  }
  return set;
}
