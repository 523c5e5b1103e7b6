/** The form that starts a run: a preset fills the fields, a changed field makes the settings one's own. */

import { post } from "./api.js";
import { mountNotice } from "./notice.js";
import { isActive } from "./run-words.js";

const NUMBERS = ["learning_rate", "batch_size", "epochs", "seed", "tolerance", "pace"];
const CHOICES = ["activation", "cost", "optimizer", "augmentation"];

/**
 * @param {HTMLFormElement} form
 * @param {{presets: Record<string, any>, defaults: any}} known
 * @param {{problem: HTMLElement, active: HTMLElement, start: HTMLButtonElement}} parts
 */
export function mountRunForm(form, { presets, defaults }, { problem, active, start }) {
  const fields = form.elements;
  const details = form.querySelector("details");
  const hint = form.querySelector("#preset-hint");
  const notice = mountNotice(problem);

  function fill(settings) {
    for (const name of [...NUMBERS, ...CHOICES]) fields[name].value = settings[name] ?? "";
    fields.hidden.value = settings.hidden.join(", ");
    fields.decay.checked = settings.decay;
    fields.full_batch.checked = settings.batch_size === null;
    showBatch();
  }

  function showBatch() {
    fields.batch_size.disabled = fields.full_batch.checked;
    if (!fields.full_batch.checked && fields.batch_size.value === "") fields.batch_size.value = defaults.batch_size ?? 32;
  }

  function showHint() {
    hint.textContent = fields.preset.selectedOptions[0].dataset.hint;
  }

  function read() {
    const settings = { hidden: fields.hidden.value.split(",").filter((text) => text.trim()).map(Number) };
    for (const name of CHOICES) settings[name] = fields[name].value;
    for (const name of NUMBERS) settings[name] = Number(fields[name].value);
    if (fields.full_batch.checked) settings.batch_size = null;
    settings.decay = fields.decay.checked;
    if (fields.preset.value) settings.preset = fields.preset.value;
    return settings;
  }

  /** The server's sentences name a field as the API does ("hidden.1: ..."): here it goes by its label. */
  function labelled(detail) {
    return detail.replace(/(?<=^|\. )([a-z_]+)(\.\d+)*: /g, (prefix, name) => {
      const label = fields[name]?.labels?.[0];
      return label ? `${label.textContent.trim()}: ` : prefix;
    });
  }

  form.addEventListener("input", () => notice.say(""));

  fields.preset.addEventListener("change", () => {
    showHint();
    if (fields.preset.value) fill(presets[fields.preset.value]);
    else details.open = true;
  });

  details.addEventListener("input", () => {
    showBatch();
    fields.preset.value = "";
    showHint();
  });

  // A field in closed details can't take the focus, and the browser would refuse to send without saying why.
  form.addEventListener("invalid", () => (details.open = true), { capture: true });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    notice.say("");
    start.disabled = true;
    try {
      const run = await post("admin/runs", read());
      location.assign(`runs/${run.id}`);
    } catch (error) {
      start.disabled = false;
      start.focus(); // lost while it was disabled
      notice.sayError(error, labelled);
    }
  });

  // A reload or the way back may have kept what was typed: the chosen preset goes first then.
  fields.preset.value = presets.quick ? "quick" : "";
  fill(presets[fields.preset.value] ?? defaults);
  showHint();

  return {
    /** @param {any[]} runs newest first */
    show(runs) {
      const run = runs.find(isActive);
      active.hidden = !run;
      start.disabled = Boolean(run);
      if (!run) return;
      const link = active.querySelector("[data-part=link]");
      link.href = `runs/${run.id}`;
      link.textContent = `Run ${run.id}`;
    },
  };
}
