/**
 * State that is kept in the page's address, so that a link leads back to it. The address can also hide controls:
 * `hide=a,b` hides every element with data-control="a" or "b"; data-control-name is its name for teachers.
 *
 * @typedef {number | string | boolean | null} Value
 * @typedef {Record<string, Value>} Values
 * @typedef {ReturnType<typeof addressState>} AddressState
 * @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control
 */

import { typedNumber } from "./typed-number.js";

const HIDE = "hide";
// The room that the page leads or follows (lead-room.js, follow-room.js): it is no state of the page.
const ROOM = "room";
// What a reader predicted in a lesson (predictions.js). It is that reader's own: no link has it, and who follows a
// teacher keeps it.
const PREDICTED = "predicted";
// Browsers accept about 100 changes of the address in 30 s, and a slider makes as many in one.
const PAUSE = 350;

let inAddress = location.search;
let query = new URLSearchParams(inAddress);
let timer = 0;
let writtenAt = -PAUSE;
/** @type {Set<() => void>} */
const readers = new Set();
/** @type {Set<() => void>} */
const watchers = new Set();
let isHiding = false;
hide();

addEventListener("popstate", readAddress);

function readAddress() {
  if (location.search === inAddress) return; // only the fragment differs
  inAddress = location.search;
  clearTimeout(timer);
  timer = 0;
  query = new URLSearchParams(inAddress);
  hide();
  for (const read of readers) read();
  for (const watch of watchers) watch();
}

/** Brings the state of another address of this page, as back and forward do. @param {string} search from "?" on */
export function showAddress(search) {
  const shown = new URLSearchParams(search);
  const predicted = query.get(PREDICTED);
  if (predicted !== null) shown.set(PREDICTED, predicted);
  history.replaceState(history.state, "", location.pathname + textOf(shown) + location.hash);
  readAddress();
}

/** What the address holds now, from "?" on, also where the browser's own is a moment behind. */
export function addressNow() {
  return textOf(query);
}

/** Calls back after each change of the address. @param {() => void} listener */
export function onAddress(listener) {
  watchers.add(listener);
}

/** The names of the controls that the address hides. */
export function hiddenControls() {
  return (query.get(HIDE) ?? "").split(",").filter(Boolean);
}

/**
 * A link to the page as it is now, without its room and what was predicted, also where the browser's own address is a
 * moment behind.
 *
 * @param {string[]} [hidden] names of the controls that the link hides
 */
export function linkToState(hidden = hiddenControls()) {
  const linked = new URLSearchParams(query);
  for (const key of [HIDE, ROOM, PREDICTED]) linked.delete(key);
  if (hidden.length > 0) linked.set(HIDE, hidden.join(","));
  return location.origin + location.pathname + textOf(linked);
}

/**
 * State in the query string; only values that differ from the defaults are written. A value has the type of its
 * default; where that is null, it is a number or else a text. Text that is not of that type gives the default.
 *
 * @param {Values} defaults
 * @param {Record<string, (value: any) => boolean>} [checks] whether a value of the right type makes sense
 */
export function addressState(defaults, checks = {}) {
  const known = { ...defaults };
  const allowed = { ...checks };
  /** @type {Set<Element>} */
  const forms = new Set();
  /** @type {Set<(now: Record<string, any>, before: Record<string, any>) => void>} */
  const listeners = new Set();
  let values = read();

  function read() {
    return Object.fromEntries(Object.entries(known).map(([key, fallback]) => [key, readOne(key, fallback)]));
  }

  /**
   * @param {string} key
   * @param {Value} fallback
   */
  function readOne(key, fallback) {
    const text = query.get(key);
    const value = text === null ? undefined : parsed(text, fallback);
    if (value === undefined || !(allowed[key]?.(value) ?? true)) return fallback;
    const fits = [...forms].every((form) =>
      canShow(
        controlsOf(form).filter(({ name }) => name === key),
        value,
      ),
    );
    return fits ? value : fallback;
  }

  /** @param {Values} next */
  function change(next) {
    const before = values;
    if (Object.keys(next).every((key) => next[key] === before[key])) return;
    values = next;
    forms.forEach(show);
    for (const listener of listeners) listener({ ...values }, before);
  }

  /** @param {Element} form */
  function show(form) {
    for (const control of controlsOf(form)) {
      if (Object.hasOwn(values, control.name)) showIn(control, values[control.name], known[control.name]);
    }
  }

  const state = {
    /** @returns {Record<string, any>} a copy */
    get: () => ({ ...values }),

    /**
     * Sets some of the values; undefined restores a default. Calls the listeners when something changed.
     *
     * @param {Record<string, Value | undefined>} partial
     */
    set(partial) {
      const next = { ...values };
      for (const [key, value] of Object.entries(partial)) {
        next[key] = value === undefined ? known[key] : value;
        if (next[key] === known[key]) query.delete(key);
        else query.set(key, String(next[key] ?? ""));
      }
      if (Object.keys(next).some((key) => next[key] !== values[key])) writeSoon();
      change(next);
    },

    /**
     * Calls back after each change: by `set`, by a bound control, or by the browser's back and forward.
     *
     * @param {(now: Record<string, any>, before: Record<string, any>) => void} listener
     */
    onChange(listener) {
      listeners.add(listener);
    },

    /**
     * More keys, for a part of the page with a state of its own. A default that is there already stays.
     *
     * @param {Values} more
     * @param {Record<string, (value: any) => boolean>} [moreChecks]
     */
    add(more, moreChecks = {}) {
      for (const [key, fallback] of Object.entries(more)) {
        if (!Object.hasOwn(known, key)) known[key] = fallback;
      }
      Object.assign(allowed, moreChecks);
      values = { ...read() };
    },

    /**
     * Keeps form controls (range, number, checkbox, radio, select) in step with the values of their names. A value in
     * the address that no control can show (beyond its `max`, or not among its options) becomes the default.
     *
     * @param {Element} form or any element around the controls
     */
    bind(form) {
      forms.add(form);
      change(read());
      show(form);
      form.addEventListener("input", ({ target }) => {
        const control = /** @type {Control} */ (target);
        if (!Object.hasOwn(values, control.name) || (isInput(control, "radio") && !control.checked)) return;
        const value = shownIn(control, known[control.name]);
        if (value !== undefined && canShow([control], value)) state.set({ [control.name]: value });
      });
      // The browser restores the form of a page after this.
      addEventListener("pageshow", () => show(form));
    },
  };

  readers.add(() => change(read()));
  return state;
}

function writeSoon() {
  timer ||= setTimeout(write, Math.max(0, writtenAt + PAUSE - performance.now()));
}

function write() {
  timer = 0;
  writtenAt = performance.now();
  // With its path: "?..." alone would be resolved against <base>.
  history.replaceState(history.state, "", location.pathname + textOf(query) + location.hash);
  inAddress = location.search;
  for (const watch of watchers) watch();
}

/** @param {URLSearchParams} params */
function textOf(params) {
  const text = params.toString().replaceAll("%2C", ",");
  return text && `?${text}`;
}

/** By a style rule, not by `hidden`: it also applies to elements that come later, or that a lesson shows and hides. */
function hide() {
  const [sheet] = document.styleSheets;
  if (isHiding) sheet.deleteRule(0);
  const selectors = hiddenControls().map((name) => `[data-control="${CSS.escape(name)}"]`);
  isHiding = selectors.length > 0;
  if (isHiding) sheet.insertRule(`${selectors.join()} { display: none !important }`, 0);
}

/**
 * @param {string} text
 * @param {Value} fallback
 * @returns {Value | undefined} undefined when it is not of the default's type
 */
function parsed(text, fallback) {
  const number = typedNumber(text);
  if (typeof fallback === "number") return Number.isFinite(number) ? number : undefined;
  if (typeof fallback === "boolean") return text === "true" || (text === "false" ? false : undefined);
  if (typeof fallback === "string") return text;
  if (text === "") return null;
  return Number.isFinite(number) ? number : text;
}

/**
 * @param {Element} form
 * @returns {Control[]}
 */
function controlsOf(form) {
  return Array.from(form.querySelectorAll("input[name], select[name], textarea[name]"));
}

/**
 * @param {Control} control
 * @param {"radio" | "checkbox"} type
 * @returns {control is HTMLInputElement}
 */
function isInput(control, type) {
  return control.type === type;
}

/**
 * @param {Control} control
 * @param {Value} fallback
 */
function shownIn(control, fallback) {
  return isInput(control, "checkbox") ? control.checked : parsed(control.value, fallback);
}

/**
 * @param {Control} control
 * @param {Value} value
 * @param {Value} fallback
 */
function showIn(control, value, fallback) {
  if (isInput(control, "checkbox")) control.checked = value === true;
  else if (isInput(control, "radio")) control.checked = control.value === String(value ?? "");
  // Don't replace a text of the same value while it is typed, such as "0.50".
  else if (shownIn(control, fallback) !== value) control.value = String(value ?? "");
}

/**
 * Whether one of the controls of a name can show the value.
 *
 * @param {Control[]} controls
 * @param {Value} value
 */
function canShow(controls, value) {
  if (controls.length === 0) return true;
  const text = String(value ?? "");
  return controls.some((control) => {
    if (control instanceof HTMLSelectElement) return [...control.options].some((option) => option.value === text);
    if (control instanceof HTMLTextAreaElement) return true;
    if (control.type === "radio") return control.value === text;
    const isAbove = control.min === "" || Number(value) >= Number(control.min);
    const isBelow = control.max === "" || Number(value) <= Number(control.max);
    return isAbove && isBelow;
  });
}
