// Numbers for people: 16,367 and 0.0412, but 1994 for a year.

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
