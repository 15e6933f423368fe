// Dark (the default, a map is read best on it) or light; the choice is remembered.

const KEY = "archipelago-theme";

/**
 * @param {HTMLElement} root gets data-theme
 * @param {HTMLButtonElement} button
 * @param {(background: [number, number, number]) => void} onChange the canvas color, 0..255 each; called at once
 */
export function theme(root, button, onChange) {
  const apply = () => {
    button.setAttribute("aria-pressed", String(root.dataset.theme === "light"));
    const color = getComputedStyle(root).getPropertyValue("--bg").trim();
    document.querySelector('meta[name="theme-color"]')?.setAttribute("content", color);
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
    onChange([r, g, b]);
  };
  try {
    if (localStorage.getItem(KEY) === "light") root.dataset.theme = "light";
  } catch {
    // storage may be forbidden; the page works without it
  }
  button.addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "light" ? "dark" : "light";
    try {
      localStorage.setItem(KEY, root.dataset.theme);
    } catch {
      // as above
    }
    apply();
  });
  apply();
}
