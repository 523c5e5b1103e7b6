/** The table of networks that answer, with a way back to the version before, or to any other. */

import { post } from "../../page/api.js";
import { confirmed } from "../../page/confirm.js";
import { accuracy, shortVersion, when, whole } from "../../page/format.js";
import { mountNotice } from "../../page/notice.js";
import { copyOf } from "../../page/template.js";
import { byWhom } from "./publish-words.js";
import { mountServedVersions } from "./served-versions.js";

/**
 * @param {{body: HTMLElement, notice: HTMLElement, dialog: HTMLDialogElement | null}} parts
 * @param {() => void} onChange after a roll back
 */
export function mountServedModels({ body, notice, dialog }, onChange) {
  const { say, sayError } = mountNotice(notice);
  const all = mountServedVersions(document.getElementById("served-versions"), onChange);
  let shown = "";

  async function rollBack(name) {
    dialog.querySelector("[data-part=name]").textContent = `“${name}”`;
    if (!(await confirmed(dialog))) return;
    try {
      const model = await post(`admin/models/${encodeURIComponent(name)}/rollback`);
      say(
        model
          ? `“${name}” is back at version ${shortVersion(model.version)}, with ${accuracy(model.accuracy)}.`
          : `“${name}” had no version before and answers no more.`,
      );
      onChange();
    } catch (error) {
      sayError(error);
    }
  }

  function rowOf(model) {
    const { element, part } = copyOf("served-model-row", {
      name: model.name,
      detail: `${model.sizes.join("-")} · ${whole(model.parameters)} parameters · version ${shortVersion(model.version)}`,
      accuracy: accuracy(model.accuracy),
      origin: originOf(model),
    });
    if (model.run_id !== null) {
      part("run").hidden = false;
      part("run").href = `runs/${model.run_id}`;
      part("run").textContent = `Run ${model.run_id}`;
    }
    part("versions").setAttribute("aria-label", `Versions of ${model.name}`);
    part("versions").addEventListener("click", () => all.open(model.name));
    const button = part("rollBack");
    if (button && model.can_roll_back) {
      button.hidden = false;
      button.setAttribute("aria-label", `Roll back ${model.name}`);
      button.addEventListener("click", () => rollBack(model.name));
    }
    return element;
  }

  /** @param {any[]} models */
  return function show(models) {
    if (JSON.stringify(models) === shown) return;
    shown = JSON.stringify(models);
    const { activeElement } = document;
    const focused = body.contains(activeElement)
      ? [rowName(activeElement.closest("tr")), activeElement.dataset.part]
      : null;
    body.replaceChildren(...models.map(rowOf));
    if (focused) focusAgain(...focused);
  };

  function focusAgain(name, part) {
    const row = [...body.rows].find((candidate) => rowName(candidate) === name);
    const same = row?.querySelector(`[data-part=${part}]:not([hidden])`);
    (same ?? notice).focus();
  }
}

function rowName(row) {
  return row.querySelector("[data-part=name]").textContent;
}

function originOf(model) {
  if (model.published_at === null) return "came with the app";
  return `${model.run_id === null ? "published" : ", published"} ${when(model.published_at)}${byWhom({ who: model.who })}`;
}
