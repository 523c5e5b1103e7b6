/** The form that starts a run. A preset, a run or a link fills it; changing a field makes the settings your own. */

import { post, request, sentenceOf } from "../../page/api.js";
import { all, one } from "../../page/elements.js";
import { mountNotice } from "../../page/notice.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { isActive } from "../run-words.js";
import { capacityText, mustWait } from "./run-form-capacity.js";
import { setControls } from "./run-form-data.js";
import { batchControl, choiceControl, mountSetting, numberControl, switchControl } from "./run-form-fields.js";
import { layersControl } from "./run-form-layers.js";
import { mountQueue } from "./run-form-queue.js";
import { refusalOf } from "./run-form-refusal.js";
import { changedIn, KEPT_LABELS, NONE_KEPT, SETS, stillKept } from "./run-form-settings.js";
import { sourceOf } from "./run-form-source.js";
import { mountSummary } from "./run-form-summary.js";

const FIRST_PRESET = "quick";
const LINKED = "linked";

/**
 * @import {Capacity, Run, Settings} from "../types.js"
 * @import {Control} from "./run-form-fields.js"
 * @import {Limit} from "./run-form-limits.js"
 * @import {Kept} from "./run-form-settings.js"
 * @typedef {keyof Settings} Name
 * @typedef {{option: string, title: string, settings: Settings}} Base the settings that the form was filled with;
 *   `option` is the value of the preset field
 */

/**
 * @param {HTMLFormElement} form
 * @param {{presets: Record<string, Settings>, defaults: Settings, limits: Partial<Record<Name, Limit>> & {hidden: Limit},
 *   layers: number}} known
 * @param {{problem: HTMLElement, active: HTMLElement, queue: HTMLElement, start: HTMLButtonElement}} parts
 * @param {() => void} onChange when a run has left the queue
 */
export function mountRunForm(form, known, { problem, active, queue: list, start }, onChange) {
  const { presets, limits } = known;
  /** @type {Settings} */
  const defaults = { ...known.defaults };
  delete defaults.preset;
  const preset = one(form, "[name=preset]", HTMLSelectElement);
  const details = one(form, "details", HTMLDetailsElement);
  const hint = one(form, "#preset-hint");
  const resetAll = one(form, "#run-form-all-back");
  const notice = mountNotice(problem);
  const summary = mountSummary(form);
  const queue = mountQueue(list, known, { onCancel: onChange, onEmpty: () => start.focus(), onError: notice.sayError });
  const sets = setControls(form);
  const isBusy = { loading: false, sending: false };
  /** @type {Base | null} */
  let linked = null;
  let base = baseOf(FIRST_PRESET);
  /** @type {Kept} */
  let kept = NONE_KEPT;
  let isAsked = false;

  /** @type {Map<Name, ReturnType<typeof mountSetting>>} */
  const settings = new Map();
  for (const element of all(form, "[data-setting]")) {
    const name = /** @type {Name} */ (element.dataset.setting);
    const control = controlOf(name, element);
    settings.set(
      name,
      mountSetting(element, control, (value) => {
        control.fill(value);
        changed();
      }),
    );
  }

  /**
   * @param {Name} name
   * @param {HTMLElement} element
   * @returns {Control}
   */
  function controlOf(name, element) {
    if (name === "hidden") return layersControl(element, limits.hidden, known.layers, changed);
    if (name in sets) return sets[/** @type {keyof typeof sets} */ (name)];
    const limit = limits[name];
    if (!limit && typeof defaults[name] !== "boolean") return choiceControl(one(element, "select", HTMLSelectElement));
    const input = one(element, `#${name}`, HTMLInputElement);
    if (!limit) return switchControl(input);
    if (name !== "batch_size") return numberControl(input, limit);
    return batchControl(input, one(element, "#full_batch", HTMLInputElement), limit, defaults.batch_size);
  }

  /** @param {string} option @returns {Base} */
  function baseOf(option) {
    return option === LINKED && linked ? linked : { option, title: option, settings: presets[option] };
  }

  /** @returns {Settings} as they are in the form */
  function read() {
    const typed = Object.fromEntries([...settings].map(([name, setting]) => [name, setting.read()]));
    const now = /** @type {Settings} */ ({ ...typed, ...kept });
    return { ...now, ...stillKept(kept, now, base.settings) };
  }

  /** @param {Name} name */
  function settingOf(name) {
    return /** @type {ReturnType<typeof mountSetting>} */ (settings.get(name));
  }

  /** @param {Base} from */
  function fill(from) {
    base = from;
    for (const [name, setting] of settings) setting.fill(base.settings[name]);
    const { rates, data_sha256, collection_sha256 } = base.settings;
    kept = { rates, data_sha256, collection_sha256 };
    for (const setting of settings.values()) setting.say();
    changed();
  }

  /** After every change: shows what differs, how large the network is, how long it takes. */
  function changed() {
    const now = read();
    const names = changedIn(now, base.settings);
    for (const [name, setting] of settings) {
      setting.mark(names.includes(name), base.settings[name]);
      if (setting.isMarkedWrong) setting.say();
    }
    preset.value = names.length > 0 ? "" : base.option;
    resetAll.hidden = names.length === 0;
    showHint(names);
    showSummary(now);
  }

  /** @param {Settings} now */
  function showSummary(now) {
    const wrong = wrongNames();
    const isNetwork = !wrong.includes("hidden");
    summary.show(now, { isNetwork, isRight: wrong.length === 0 });
  }

  /** @param {Name[]} names of the changed settings */
  function showHint(names) {
    const hasOtherSets = SETS.some((name) => names.includes(name));
    const shown = names.filter((name) => !(hasOtherSets && name.endsWith("_sha256")));
    const labels = shown.map(
      (name) => settings.get(name)?.label.toLowerCase() ?? KEPT_LABELS[/** @type {keyof Kept} */ (name)],
    );
    if (names.length > 0) setText(hint, `Settings of ${base.title}, changed: ${labels.join(", ")}.`);
    else setText(hint, preset.selectedOptions[0].dataset.hint ?? "");
  }

  function wrongNames() {
    return [...settings].filter(([, setting]) => setting.wrong() !== "").map(([name]) => name);
  }

  /**
   * A field in closed details can't take the focus.
   *
   * @param {Name[]} names
   */
  function open(names) {
    if (names.some((name) => details.contains(settingOf(name).target()))) details.open = true;
  }

  function showBusy() {
    start.disabled = Object.values(isBusy).some(Boolean);
  }

  /** @param {Name[]} names of the settings that are wrong */
  function refuse(names) {
    open(names);
    notice.say(names.map((name) => `${settingOf(name).label}: ${settingOf(name).wrong()}`).join(" "));
    settingOf(names[0]).target()?.focus();
  }

  async function send() {
    notice.say("");
    isBusy.sending = true;
    showBusy();
    const name = preset.value in presets ? { preset: preset.value } : {}; // unchanged
    try {
      const run = await post("admin/runs?queue=true", { ...read(), ...name });
      location.assign(`runs/${run.id}`);
    } catch (error) {
      isBusy.sending = false;
      showBusy();
      start.focus(); // lost while it was disabled
      notice.sayError(error, (detail) => {
        const { text, byField } = refusalOf(detail, (name) => settings.get(/** @type {Name} */ (name))?.label);
        const sentences = /** @type {[Name, string][]} */ (byField);
        for (const [name, sentence] of sentences) settingOf(name).say(sentence);
        open(sentences.map(([name]) => name));
        return text;
      });
    }
  }

  /** Fills the form as the address says. */
  async function load() {
    isBusy.loading = true;
    showBusy();
    try {
      const source = await sourceOf(location.search, defaults);
      if (source) {
        linked = { option: LINKED, ...source };
        const option = new Option(`as ${source.title}`, LINKED);
        option.dataset.hint = `Settings of ${source.title}. Change what you like.`;
        preset.add(option, 0);
        fill(linked);
        details.open = true;
        form.closest("section")?.scrollIntoView();
      }
    } catch (error) {
      notice.say(`${sentenceOf(error)} The settings are those of ${base.title}.`);
      form.closest("section")?.scrollIntoView();
    }
    isBusy.loading = false;
    showBusy();
  }

  /** Asks for the data sets, until the server has answered, and for what is missing in the summary. */
  async function ask() {
    if (!isAsked) {
      isAsked = true;
      try {
        const found = await request("datasets");
        for (const control of Object.values(sets)) control.show(found);
      } catch {
        isAsked = false;
      }
    }
    showSummary(read());
  }

  form.addEventListener("input", (event) => {
    notice.say("");
    if (event.target !== preset) changed();
  });

  form.addEventListener("change", ({ target }) => {
    /** @type {HTMLElement | null} */
    const element = /** @type {HTMLElement} */ (target).closest("[data-setting]");
    if (element) settingOf(/** @type {Name} */ (element.dataset.setting)).say();
  });

  preset.addEventListener("change", () => {
    if (preset.value) return fill(baseOf(preset.value));
    details.open = true;
    showHint([]);
  });

  resetAll.addEventListener("click", () => {
    fill(base);
    preset.focus(); // the button is hidden now
  });

  for (const line of all(form, "[data-kept]")) {
    const name = /** @type {keyof Kept} */ (line.dataset.kept);
    one(line, "button").addEventListener("click", () => {
      kept = { ...kept, [name]: NONE_KEPT[name] };
      changed();
      preset.focus(); // the button is hidden now
    });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (start.disabled) return;
    for (const setting of settings.values()) setting.say();
    const wrong = wrongNames();
    if (wrong.length > 0) refuse(wrong);
    else send();
  });

  fill(base);
  load();
  ask();

  return {
    /**
     * @param {Run[]} runs newest first
     * @param {Capacity} capacity
     */
    show(runs, capacity) {
      const run = runs.find(isActive);
      const text = capacityText(capacity);
      active.hidden = text === "";
      setText(part(active, "text"), text);
      setText(start, mustWait(capacity) ? "Add to the queue" : "Start the run");
      queue.show(runs);
      ask();
      const link = part(active, "link", HTMLAnchorElement);
      link.hidden = !run || capacity.at_once !== 1;
      if (!run) return;
      link.href = `runs/${run.id}`;
      link.textContent = `Run ${run.id}`;
    },
  };
}
