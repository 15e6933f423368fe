// How names are shortened and which way they are written, with a pen that guesses widths.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CAPTIONS, NAMES, fit, letter, measuringPen, rankOf } from "../../www/later/lettering.js";

const pen = measuringPen();

test("a name that fits stays as it is; a long one ends in an ellipsis and fits", () => {
  assert.equal(fit(pen, NAMES[1], "  Vertigo \n (1958) ").text, "Vertigo (1958)");
  const long = "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb";
  for (const lettering of [...NAMES, ...CAPTIONS]) {
    const { text, width } = fit(pen, lettering, long);
    assert.match(text, /^Dr\. Strange.*[^ ]…$/);
    assert.ok(width <= lettering.most && width > 0.7 * lettering.most, `${text}: ${width}`);
  }
  assert.deepEqual(fit(pen, NAMES[0], " "), { text: "", width: 0 });
});

test("what people see as one character is never cut", () => {
  const family = "👩‍👩‍👧‍👦";
  const { text } = fit(pen, NAMES[0], family.repeat(30));
  assert.match(text, new RegExp(`^(${family})+…$`, "u"));
  assert.ok(fit(pen, NAMES[0], "東京物語".repeat(20)).text.endsWith("…"));
});

test("the first letter says the direction, and only letters that stand alone are set apart", () => {
  /** @type {any} */
  const seen = { font: "", direction: "", letterSpacing: "" };
  /** @type {[string, string, string][]} */
  const cases = [
    ["Vertigo", "ltr", CAPTIONS[0].spacing],
    ["“1984” שלום", "rtl", "0px"],
    ["مرحبا", "rtl", "0px"],
    ["千と千尋", "ltr", "0px"],
    ["Сталкер", "ltr", CAPTIONS[0].spacing],
  ];
  for (const [text, direction, spacing] of cases) {
    letter(seen, CAPTIONS[0], text);
    assert.equal(seen.direction, direction, text);
    assert.equal(seen.letterSpacing, spacing, text);
  }
});

test("larger discs have larger letters", () => {
  assert.deepEqual([0, 0.3, 1].map(rankOf), [0, 1, 2]);
});
