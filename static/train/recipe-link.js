/**
 * The settings of a run as an address: /runs?hidden=32,16&rates=120:0.05&decay=true, and back again. Only settings that
 * differ from the defaults are in the link.
 *
 * @import {Setting, Settings} from "./types.js"
 */

const NOTHING = "null";
// Numbers whose default is null.
const NUMBERS = ["last_step", "batch_size"];

/**
 * @param {Settings} settings
 * @param {Settings} defaults of each setting that can be in the address
 * @returns {string} relative to the base address
 */
export function linkOf(settings, defaults) {
  const parts = namesOf(defaults)
    .filter((name) => name in settings && textOf(settings[name]) !== textOf(defaults[name]))
    .map(
      (name) => `${name}=${encodeURIComponent(textOf(settings[name])).replaceAll("%2C", ",").replaceAll("%3A", ":")}`,
    );
  return parts.length > 0 ? `runs?${parts.join("&")}` : "runs";
}

/**
 * @param {string} search of an address, with or without its question mark
 * @param {Settings} defaults
 * @returns {Settings | null} all settings, with the defaults for those that are missing or can't be read; null when the
 *   address names none
 */
export function settingsOf(search, defaults) {
  const query = new URLSearchParams(search);
  const names = namesOf(defaults).filter((name) => query.has(name));
  if (names.length === 0) return null;
  const given = names.map((name) => [name, parsed(name, query.get(name) ?? "", defaults[name])]);
  return { ...defaults, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
}

/**
 * @param {Settings} settings
 * @returns {(keyof Settings)[]}
 */
function namesOf(settings) {
  return /** @type {(keyof Settings)[]} */ (Object.keys(settings));
}

/** @param {Setting} value */
function textOf(value) {
  if (!Array.isArray(value)) return value === null ? NOTHING : String(value);
  return value.map((part) => (Array.isArray(part) ? part.join(":") : String(part))).join(",");
}

/**
 * @param {string} name
 * @param {string} text
 * @param {Setting} fallback
 * @returns {string | number | boolean | null | (number | undefined | (number | undefined)[])[] | undefined} undefined
 *   when the text is not of the setting's type
 */
function parsed(name, text, fallback) {
  if (Array.isArray(fallback)) {
    const parts = text === "" ? [] : text.split(",");
    const pairs = name === "rates";
    const list = parts.map((part) => (pairs ? part.split(":").map(numberOf) : [numberOf(part)]));
    const isRead = list.every((numbers) => numbers.length === (pairs ? 2 : 1) && !numbers.includes(undefined));
    return isRead ? (pairs ? list : list.flat()) : undefined;
  }
  if (text === NOTHING) return fallback === null || NUMBERS.includes(name) ? null : undefined;
  if (typeof fallback === "number" || NUMBERS.includes(name)) return numberOf(text);
  if (typeof fallback === "boolean") return text === "true" || (text === "false" ? false : undefined);
  return text === "" ? undefined : text;
}

/**
 * @param {string} text
 * @returns {number | undefined}
 */
function numberOf(text) {
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? number : undefined;
}
