/** The form that plans a sweep: the settings to vary, with the number of runs and about how long they take. */

import { post, request } from "../../page/api.js";
import { all, one } from "../../page/elements.js";
import { duration } from "../../page/format.js";
import { mountNotice } from "../../page/notice.js";
import { planOf } from "./sweep-plan.js";
import { mountSweepRow } from "./sweep-row.js";
import { fieldLabel } from "./sweep-words.js";

/**
 * @import {Dataset} from "../types.js"
 * @import {Fields} from "./sweep-plan.js"
 * @import {Offer, SweepRow} from "./sweep-row.js"
 */

const PAUSE = 350;
/** @type {Record<string, string>} */
const FIELD_LABELS = { runs: "Runs", seed: "Seed of the search", parallel: "Runs at the same time" };

/**
 * @param {HTMLFormElement} form
 * @param {Offer & {presets: Record<string, {epochs: number}>}} offer
 */
export function mountSweepForm(form, offer) {
  const [base, dataset, method] = ["base", "dataset", "method"].map((name) =>
    one(form, `[name=${name}]`, HTMLSelectElement),
  );
  const epochs = one(form, "[name=epochs]", HTMLInputElement);
  const add = one(form, "#sweep-add", HTMLButtonElement);
  const start = one(form, "#sweep-start", HTMLButtonElement);
  const expected = one(form, "#sweep-expected");
  const notice = mountNotice(one(form, "#sweep-problem"));
  /** @type {SweepRow[]} */
  let rows = [];
  let timer = 0;
  let asking = new AbortController();

  /** @param {string} field */
  function addRow(field) {
    const row = mountSweepRow(offer, field, () => {
      rows = rows.filter((other) => other !== row);
      rows[0].focus();
      changed();
    });
    rows.push(row);
    one(form, "#sweep-varied").append(row.element);
    changed();
    return row;
  }

  function plan() {
    const fields = /** @type {Fields} */ (Object.fromEntries(new FormData(form)));
    return planOf(
      { ...fields, epochs: epochs.value },
      rows.map((row) => row.read()),
    ); // epochs may be disabled
  }

  function changed() {
    for (const element of all(form, "[data-random]")) element.hidden = method.value !== "random";
    const taken = rows.map((row) => row.field);
    for (const row of rows) row.show({ isRandom: method.value === "random", taken });
    epochs.disabled = taken.includes("epochs");
    add.disabled = rows.length === offer.fields.length;
    notice.say("");
    clearTimeout(timer);
    timer = setTimeout(showExpected, PAUSE);
  }

  async function showExpected() {
    if (form.closest("details:not([open])")) return;
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const { runs, seconds } = await post("admin/sweeps/expected", plan(), signal);
      expected.textContent = `${runs === 1 ? "1 run" : `${runs} runs`}, about ${duration(seconds)}.`;
    } catch (error) {
      if (signal.aborted) return;
      expected.textContent = "";
      notice.sayError(error, labelled, showExpected);
    }
  }

  /**
   * The server's sentence, with the labels of settings in place of their names in the API.
   *
   * @param {string} detail
   */
  function labelled(detail) {
    const plain = detail.replace(/^(vary|base)[.:] ?/, "");
    return plain.replace(/\b([a-z_]+)(?:\.[a-z]+)*: /g, (prefix, name) => {
      const label = FIELD_LABELS[name] ?? fieldLabel(name);
      return label === name ? prefix : `${label}: `;
    });
  }

  /** A choice of images only where there are other data sets than MNIST. */
  async function offerDatasets() {
    /** @type {Dataset[]} */
    const found = await request("datasets").catch(() => []);
    const sets = found.filter(({ name, problem }) => !problem && name !== "mnist");
    for (const { name } of sets) dataset.add(new Option(name, name));
    dataset.closest(".field")?.toggleAttribute("hidden", sets.length === 0);
  }

  function fillEpochs() {
    epochs.value = String(offer.presets[base.value].epochs);
  }

  form.addEventListener("input", changed);
  base.addEventListener("change", () => {
    fillEpochs();
    changed();
  });
  add.addEventListener("click", () => {
    const free = offer.fields.find((name) => !rows.some((row) => row.field === name));
    if (free) addRow(free).focus();
  });
  form.closest("details")?.addEventListener("toggle", showExpected);
  form.closest("details")?.addEventListener("toggle", offerDatasets, { once: true });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (start.disabled) return;
    clearTimeout(timer);
    asking.abort();
    notice.say("");
    start.disabled = true;
    try {
      location.assign(`sweeps/${(await post("admin/sweeps", plan())).id}`);
    } catch (error) {
      start.disabled = false;
      start.focus(); // lost while it was disabled
      notice.sayError(error, labelled);
    }
  });

  fillEpochs();
  addRow("learning_rate");
  addRow("hidden");
}
