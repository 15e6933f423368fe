// Display, "Camera": the overview map, and whether the map glides on after a drag.

import { cameraSettings, setCameraSettings } from "./camera-settings.js";
import { check, fieldset, make } from "./controls.js";

/** @returns {HTMLElement} */
export function group() {
  const now = cameraSettings();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const glide = check("Glide on after a drag", now.inertia, (inertia) => setCameraSettings({ inertia }));
  /** @type {HTMLInputElement} */ (glide.firstElementChild).disabled = calm;
  return fieldset("Camera", [
    check("Overview map while only a part is in view", now.minimap, (minimap) => setCameraSettings({ minimap })),
    glide,
    ...(calm ? [make("p", { className: "help", textContent: "This device asks for less motion: nothing glides." })] : []),
  ]);
}
