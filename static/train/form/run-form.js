/** The form that starts a run: a preset, a run or a link fills it, a changed field makes the settings one's own. */

import { post, request, sentenceOf } from "../../page/api.js";
import { mountNotice } from "../../page/notice.js";
import { isActive } from "../run-words.js";
import { datasetControl } from "./run-form-data.js";
import { batchControl, choiceControl, mountSetting, numberControl, switchControl } from "./run-form-fields.js";
import { layersControl } from "./run-form-layers.js";
import { refusalOf } from "./run-form-refusal.js";
import { changedIn, KEPT, KEPT_LABELS } from "./run-form-settings.js";
import { sourceOf } from "./run-form-source.js";
import { mountSummary, tell } from "./run-form-summary.js";

const USUAL = "quick";
const LINKED = "linked";

/**
 * @typedef {import("./run-form-settings.js").Settings} Settings
 * @typedef {{option: string, title: string, settings: Settings}} Base what the settings started from; `option` is the
 *   one that stands for it where presets are chosen
 *
 * @param {HTMLFormElement} form
 * @param {{presets: Record<string, Settings>, defaults: Settings, limits: Record<string, import("./run-form-limits.js").Limit>,
 *   layers: number, teachers: Record<string, number>}} known
 * @param {{problem: HTMLElement, active: HTMLElement, start: HTMLButtonElement}} parts
 */
export function mountRunForm(form, known, { problem, active, start }) {
  const { presets, limits } = known;
  const { preset: _, ...defaults } = known.defaults;
  const fields = form.elements;
  const details = form.querySelector("details");
  const hint = form.querySelector("#preset-hint");
  const allBack = form.querySelector("#run-form-all-back");
  const notice = mountNotice(problem);
  const summary = mountSummary(form, known.teachers);
  const dataset = datasetControl(form.querySelector("#dataset"));
  const isBusy = { loading: false, sending: false, active: false };
  /** @type {Base} */
  let base = baseOf(USUAL);
  /** @type {Base | null} */
  let linked = null;
  let kept = KEPT;
  /** @type {import("./run-form-time.js").Speed | null} */
  let speed = null;
  let isAsked = false;

  /** @type {Map<string, ReturnType<typeof mountSetting>>} */
  const settings = new Map();
  for (const element of form.querySelectorAll("[data-setting]")) {
    const name = element.dataset.setting;
    const control = controlOf(name, element);
    settings.set(
      name,
      mountSetting(element, control, (value) => {
        control.fill(value);
        changed();
      }),
    );
  }

  function controlOf(name, element) {
    if (name === "hidden") return layersControl(element, limits.hidden, known.layers, changed);
    if (name === "dataset") return dataset;
    if (name === "batch_size") return batchControl(fields.batch_size, fields.full_batch, limits[name], defaults[name]);
    if (name in limits) return numberControl(fields[name], limits[name]);
    return typeof defaults[name] === "boolean" ? switchControl(fields[name]) : choiceControl(fields[name]);
  }

  /** @param {string} option @returns {Base} */
  function baseOf(option) {
    return option === LINKED ? linked : { option, title: option, settings: presets[option] };
  }

  /** All settings as they are in the form. */
  function read() {
    const typed = Object.fromEntries([...settings].map(([name, setting]) => [name, setting.read()]));
    // A digest is that of the set with which it came.
    const data_sha256 = typed.dataset === base.settings.dataset ? kept.data_sha256 : null;
    return { ...typed, ...kept, data_sha256 };
  }

  /** @param {Base} from */
  function fill(from) {
    base = from;
    for (const [name, setting] of settings) setting.fill(base.settings[name]);
    kept = { rates: base.settings.rates, data_sha256: base.settings.data_sha256 };
    for (const setting of settings.values()) setting.say();
    changed();
  }

  /** After every change: tells what differs, how large the network is, how long it takes. */
  function changed() {
    const now = read();
    const names = changedIn(now, base.settings);
    for (const [name, setting] of settings) {
      setting.mark(names.includes(name), base.settings[name]);
      if (setting.isTold) setting.say();
    }
    fields.preset.value = names.length > 0 ? "" : base.option;
    allBack.hidden = names.length === 0;
    showHint(names);
    showSummary(now);
  }

  function showSummary(now) {
    const wrong = wrongNames();
    const isNetwork = !wrong.includes("hidden");
    summary.show(now, { isNetwork, isRight: wrong.length === 0, images: dataset.images(), speed });
  }

  function showHint(names) {
    const told = names.filter((name) => name !== "data_sha256" || !names.includes("dataset"));
    const labels = told.map((name) => settings.get(name)?.label.toLowerCase() ?? KEPT_LABELS[name]);
    if (names.length > 0) tell(hint, `Settings of ${base.title}, changed: ${labels.join(", ")}.`);
    else tell(hint, fields.preset.selectedOptions[0].dataset.hint);
  }

  function wrongNames() {
    return [...settings.keys()].filter((name) => settings.get(name).wrong() !== "");
  }

  /** A field in closed details can't take the focus. */
  function open(names) {
    if (names.some((name) => details.contains(settings.get(name).target()))) details.open = true;
  }

  function showBusy() {
    start.disabled = Object.values(isBusy).some(Boolean);
  }

  function refuse(names) {
    open(names);
    notice.say(names.map((name) => `${settings.get(name).label}: ${settings.get(name).wrong()}`).join(" "));
    settings.get(names[0]).target()?.focus();
  }

  async function send() {
    notice.say("");
    isBusy.sending = true;
    showBusy();
    // Only what is still as the preset has it goes by its name.
    const name = fields.preset.value in presets ? { preset: fields.preset.value } : {};
    try {
      const run = await post("admin/runs", { ...read(), ...name });
      location.assign(`runs/${run.id}`);
    } catch (error) {
      isBusy.sending = false;
      showBusy();
      start.focus(); // lost while it was disabled
      notice.sayError(error, (detail) => {
        const { text, beside } = refusalOf(detail, (name) => settings.get(name)?.label);
        for (const [name, sentence] of beside) settings.get(name).say(sentence);
        open(beside.map(([name]) => name));
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
        fields.preset.add(option, 0);
        fill(linked);
        details.open = true;
        form.closest("section").scrollIntoView();
      }
    } catch (error) {
      notice.say(`${sentenceOf(error)} The settings are those of ${base.title}.`);
      form.closest("section").scrollIntoView();
    }
    isBusy.loading = false;
    showBusy();
  }

  /** What the server knows of its images and its speed; it is asked again until it tells. */
  async function ask() {
    if (isAsked) return;
    isAsked = true;
    const [sets, measured] = await Promise.allSettled([request("datasets"), speed ?? request("speed")]);
    if (sets.status === "fulfilled") dataset.show(sets.value);
    if (measured.status === "fulfilled") speed = measured.value;
    isAsked = sets.status === "fulfilled" && measured.status === "fulfilled";
    showSummary(read());
  }

  form.addEventListener("input", (event) => {
    notice.say("");
    if (event.target !== fields.preset) changed();
  });

  form.addEventListener("change", (event) => {
    const name = event.target.closest("[data-setting]")?.dataset.setting;
    if (name) settings.get(name).say();
  });

  fields.preset.addEventListener("change", () => {
    if (fields.preset.value) return fill(baseOf(fields.preset.value));
    details.open = true;
    showHint([]);
  });

  allBack.addEventListener("click", () => {
    fill(base);
    fields.preset.focus(); // the button is gone
  });

  for (const line of form.querySelectorAll("[data-kept]")) {
    line.querySelector("button").addEventListener("click", () => {
      kept = { ...kept, [line.dataset.kept]: KEPT[line.dataset.kept] };
      changed();
      fields.preset.focus(); // the button is gone
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
    /** @param {any[]} runs newest first */
    show(runs) {
      const run = runs.find(isActive);
      active.hidden = !run;
      isBusy.active = Boolean(run);
      showBusy();
      ask();
      if (!run) return;
      const link = active.querySelector("[data-part=link]");
      link.href = `runs/${run.id}`;
      link.textContent = `Run ${run.id}`;
    },
  };
}
