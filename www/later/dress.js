// Styles of what is loaded when it is asked for: added to the page with it, once.

/** @type {Set<string>} */
const worn = new Set();

/** @param {string} style */
export function dress(style) {
  if (worn.has(style)) return;
  worn.add(style);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets.push(sheet);
}
