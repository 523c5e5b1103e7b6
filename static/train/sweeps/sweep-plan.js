/** From what is typed into the form for a sweep to a plan as the server takes it. */

/**
 * A setting to vary as its row of the form has it: `text` is a list with commas, `chosen` are the boxes that are
 * ticked; `low` and `high` are of a range.
 *
 * @typedef {{field: string, scale: "values" | "linear" | "log", text: string, chosen: any[], low: string, high: string}} Row
 */

/** What a row starts with: values around which good ones are found. */
export const SUGGESTED = {
  hidden: { text: "16-16, 32, 64-32" },
  learning_rate: { text: "0.001, 0.004, 0.02", low: "0.0005", high: "0.05", scale: "log" },
  batch_size: { text: "16, 64, 256", low: "8", high: "512", scale: "log" },
  epochs: { text: "1, 2, 4", low: "1", high: "8", scale: "linear" },
  seed: { text: "0, 1, 2", low: "0", high: "1000", scale: "linear" },
  weight_decay: { text: "0, 0.01, 0.1", low: "0.001", high: "0.3", scale: "log" },
};

/**
 * @param {{base: string, dataset: string, epochs: string, method: string, runs: string, seed: string, parallel: string, rows: Row[]}} form
 * @returns {object} what is no number stays as it is typed, for the server to say what is wrong with it
 */
export function planOf({ base, dataset, epochs, method, runs, seed, parallel, rows }) {
  const vary = Object.fromEntries(rows.map((row) => [row.field, variedOf(row, method)]));
  const random = method === "random" ? { runs: numberOf(runs), seed: numberOf(seed) } : {};
  const shared = { preset: base, dataset, epochs: numberOf(epochs) };
  return { base: shared, method, vary, parallel: numberOf(parallel), ...random };
}

function variedOf({ field, scale, text, chosen, low, high }, method) {
  if (chosen.length > 0) return { values: chosen };
  if (method === "random" && scale !== "values") return { low: numberOf(low), high: numberOf(high), scale };
  const parts = text.split(",").map((part) => part.trim());
  return { values: parts.filter(Boolean).map((part) => (field === "hidden" ? layersOf(part) : valueOf(field, part))) };
}

/** 16-16 are two layers of 16 neurons, none is no hidden layer. */
function layersOf(part) {
  return part === "none" ? [] : part.split("-").map((size) => numberOf(size.trim()));
}

function valueOf(field, part) {
  return field === "batch_size" && part === "all" ? null : numberOf(part);
}

function numberOf(text) {
  const trimmed = text.trim();
  return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}
