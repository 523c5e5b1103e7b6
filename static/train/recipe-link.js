/**
 * The settings of a run as an address: /runs?hidden=32,16&rates=120:0.05&decay=true, and back again. What is as usual
 * is left out, so that a link says what is special.
 *
 * @typedef {Record<string, string | number | boolean | null | number[] | number[][]>} Settings as POST /admin/runs takes
 *   them
 */

const NOTHING = "null";
// Usually there is none, so the default does not tell that it is a number.
const NUMBERS = ["last_step", "batch_size"];

/**
 * @param {Settings} settings
 * @param {Settings} defaults each setting that has a place in the address, as it is when nobody says otherwise
 * @returns {string} relative to the base address
 */
export function linkOf(settings, defaults) {
  const parts = Object.keys(defaults)
    .filter((name) => name in settings && textOf(settings[name]) !== textOf(defaults[name]))
    .map(
      (name) => `${name}=${encodeURIComponent(textOf(settings[name])).replaceAll("%2C", ",").replaceAll("%3A", ":")}`,
    );
  return parts.length > 0 ? `runs?${parts.join("&")}` : "runs";
}

/**
 * @param {string} search of an address, with or without its question mark
 * @param {Settings} defaults
 * @returns {Settings | null} all settings, the defaults where the address says nothing or nothing that can be read; null
 *   when it names none
 */
export function settingsOf(search, defaults) {
  const told = new URLSearchParams(search);
  const names = Object.keys(defaults).filter((name) => told.has(name));
  if (names.length === 0) return null;
  const given = names.map((name) => [name, valueOf(name, told.get(name), defaults[name])]);
  return { ...defaults, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
}

function textOf(value) {
  if (!Array.isArray(value)) return value === null ? NOTHING : String(value);
  return value.map((part) => (Array.isArray(part) ? part.join(":") : String(part))).join(",");
}

/** Undefined when the text is none of its kind. */
function valueOf(name, text, usual) {
  if (Array.isArray(usual)) {
    const parts = text === "" ? [] : text.split(",");
    const pairs = name === "rates";
    const list = parts.map((part) => (pairs ? part.split(":").map(numberOf) : numberOf(part)));
    const isWhole = list.flat().every((number) => number !== undefined);
    return isWhole && (!pairs || list.every((pair) => pair.length === 2)) ? list : undefined;
  }
  if (text === NOTHING) return usual === null || NUMBERS.includes(name) ? null : undefined;
  if (typeof usual === "number" || NUMBERS.includes(name)) return numberOf(text);
  if (typeof usual === "boolean") return { true: true, false: false }[text];
  return text === "" ? undefined : text;
}

function numberOf(text) {
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? number : undefined;
}
