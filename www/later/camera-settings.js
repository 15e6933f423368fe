// What a person chose about the camera, kept on this device.

const KEY = "archipelago-camera";

/** @typedef {{inertia: boolean, minimap: boolean}} CameraSettings */

/** A thumb expects the map to glide on, a mouse to stop; a small screen has no room for a second map. */
const usual = () => ({ inertia: matchMedia("(pointer: coarse)").matches, minimap: !matchMedia("(max-width: 640px)").matches });

/** @type {Set<() => void>} */
const listeners = new Set();

/** @returns {CameraSettings} */
export function cameraSettings() {
  const settings = usual();
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    for (const name of /** @type {const} */ (["inertia", "minimap"])) {
      if (typeof kept?.[name] === "boolean") settings[name] = kept[name];
    }
  } catch {
    // storage may be forbidden or hold anything; the usual settings do
  }
  return settings;
}

/** @param {Partial<CameraSettings>} change */
export function setCameraSettings(change) {
  const settings = { ...cameraSettings(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // as above
  }
  for (const tell of listeners) tell();
}

/** @param {() => void} listener called after every change */
export const onCameraSettings = (listener) => void listeners.add(listener);
