/** The form that plans a sweep: rows of settings to vary, and at once how many runs that makes and about how long. */

import { post, request } from "../../page/api.js";
import { duration } from "../../page/format.js";
import { mountNotice } from "../../page/notice.js";
import { copyOf } from "../../page/template.js";
import { planOf, SUGGESTED } from "./sweep-plan.js";
import { fieldLabel, valueText } from "./sweep-words.js";

const PAUSE = 350;
const HINTS = { hidden: "such as 16-16 for two layers, 32, none", batch_size: "such as 16, 64, all" };

/**
 * @param {HTMLFormElement} form
 * @param {{fields: string[], choices: Record<string, any[]>, ranges: string[], presets: Record<string, any>}} offer
 * @param {{varied: HTMLElement, add: HTMLButtonElement, start: HTMLButtonElement, expected: HTMLElement, problem: HTMLElement}} parts
 */
export function mountSweepForm(form, offer, { varied, add, start, expected, problem }) {
  const fields = form.elements;
  const notice = mountNotice(problem);
  /** @type {ReturnType<typeof rowOf>[]} */
  let rows = [];
  let made = 0;
  let timer = 0;
  let asking = new AbortController();

  function rowOf(field) {
    const number = ++made;
    const { element, part } = copyOf("sweep-setting", {});
    for (const name of ["field", "scale", "values", "low", "high"]) {
      part(name).id = `sweep-${number}-${name}`;
      part(`${name}Label`).htmlFor = part(name).id;
    }
    for (const name of offer.fields) part("field").add(new Option(fieldLabel(name), name));
    part("field").value = field;

    function fill() {
      const name = part("field").value;
      const { text = "", low = "", high = "", scale = "values" } = SUGGESTED[name] ?? {};
      part("values").value = text;
      [part("low").value, part("high").value] = [low, high];
      part("scale").value = scale;
      part("valuesLabel").textContent = name in HINTS ? `Values, ${HINTS[name]}` : "Values, with commas between";
      part("remove").setAttribute("aria-label", `Leave out ${fieldLabel(name)}`);
      const boxes = (offer.choices[name] ?? []).map((value) => {
        const { element: box } = copyOf("sweep-choice", { text: valueText(name, value) });
        box.querySelector("input").checked = true;
        return box;
      });
      part("choices").replaceChildren(part("choices").firstElementChild, ...boxes);
    }

    const row = {
      element,
      part,
      get field() {
        return part("field").value;
      },
      /** Shows what goes with the method and the setting. */
      show() {
        const isChoice = row.field in offer.choices;
        const canRange = fields.method.value === "random" && offer.ranges.includes(row.field);
        const isRange = canRange && part("scale").value !== "values";
        part("how").hidden = !canRange;
        part("choices").hidden = !isChoice;
        part("list").hidden = isChoice || isRange;
        part("lowField").hidden = part("highField").hidden = !isRange;
        for (const option of part("field").options) {
          option.disabled = option.value !== row.field && rows.some((other) => other.field === option.value);
        }
        part("remove").hidden = rows.length === 1;
      },
      read() {
        const boxes = [...part("choices").querySelectorAll("input")];
        const values = offer.choices[row.field] ?? [];
        const texts = { text: part("values").value, low: part("low").value, high: part("high").value };
        return {
          field: row.field,
          scale: part("scale").value,
          chosen: values.filter((_, i) => boxes[i].checked),
          ...texts,
        };
      },
    };
    part("field").addEventListener("change", fill);
    part("remove").addEventListener("click", () => {
      rows = rows.filter((other) => other !== row);
      element.remove();
      rows[0].part("field").focus();
      changed();
    });
    fill();
    return row;
  }

  function addRow(field) {
    const row = rowOf(field);
    rows.push(row);
    varied.append(row.element);
    changed();
    return row;
  }

  function plan() {
    const { base, dataset, epochs, method, runs, seed, parallel } = fields;
    const values = { base, dataset, epochs, method, runs, seed, parallel };
    const typed = Object.fromEntries(Object.entries(values).map(([name, field]) => [name, field.value]));
    return planOf({ ...typed, rows: rows.map((row) => row.read()) });
  }

  function changed() {
    for (const element of form.querySelectorAll("[data-random]")) element.hidden = fields.method.value !== "random";
    for (const row of rows) row.show();
    fields.epochs.disabled = rows.some(({ field }) => field === "epochs");
    add.disabled = rows.length === offer.fields.length;
    notice.say("");
    clearTimeout(timer);
    timer = setTimeout(tellExpected, PAUSE);
  }

  async function tellExpected() {
    if (!form.checkVisibility()) return;
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const { runs, seconds } = await post("admin/sweeps/expected", plan(), signal);
      expected.textContent = `${runs === 1 ? "1 run" : `${runs} runs`}, about ${duration(seconds)}.`;
    } catch (error) {
      if (signal.aborted) return;
      expected.textContent = "";
      notice.sayError(error, labelled);
    }
  }

  /** The server's sentences name a setting as the API does: here it goes by its label. */
  function labelled(detail) {
    const plain = detail.replace(/^(vary|base)[.:] ?/, "");
    return plain.replace(/\b([a-z_]+)(?:\.[a-z]+)*: /g, (prefix, name) => {
      const label = { runs: "Runs", seed: "Seed of the draw", parallel: "At once" }[name] ?? fieldLabel(name);
      return label === name ? prefix : `${label}: `;
    });
  }

  /** Other images than MNIST are there where a host has put them. */
  async function offerDatasets() {
    const sets = (await request("datasets").catch(() => [])).filter((set) => !set.problem && set.name !== "mnist");
    for (const { name } of sets) fields.dataset.add(new Option(name, name));
    fields.dataset.closest(".field").hidden = sets.length === 0;
  }

  form.addEventListener("input", changed);
  fields.base.addEventListener("change", () => {
    fields.epochs.value = offer.presets[fields.base.value].epochs;
    changed();
  });
  add.addEventListener("click", () => {
    const free = offer.fields.find((name) => !rows.some((row) => row.field === name));
    addRow(free).part("field").focus();
  });
  form.closest("details").addEventListener("toggle", tellExpected);
  form.closest("details").addEventListener("toggle", offerDatasets, { once: true });

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

  fields.epochs.value = offer.presets[fields.base.value].epochs;
  addRow("learning_rate");
  addRow("hidden");
}
