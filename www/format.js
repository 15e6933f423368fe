// Numbers for people: 16,367 and 0.0412, but 1994 for a year; 43 % of a whole.

/**
 * @param {number} value
 * @param {{plain?: boolean}} [options] `plain`: no thousands separators (years)
 * @returns {string} "–" for a missing value
 */
export function formatNumber(value, { plain = false } = {}) {
  if (!Number.isFinite(value)) return "–";
  return value.toLocaleString("en-US", {
    useGrouping: !plain,
    maximumFractionDigits: Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 3,
    maximumSignificantDigits: Number.isInteger(value) ? 21 : 4,
  });
}

/** @param {number} share of 1 */
export const percent = (share) => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)}\u00a0%`;

/** @param {number} value three digits: more mean nothing here */
export const distortion = (value) => (Math.abs(value) < 5e-4 ? "0" : Number.isFinite(value) ? value.toPrecision(3) : "–");
