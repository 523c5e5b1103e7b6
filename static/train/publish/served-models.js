/** The table of published networks, from which the admin rolls back to the version before, or to any other. */

import { post } from "../../page/api.js";
import { confirmed } from "../../page/confirm.js";
import { one } from "../../page/elements.js";
import { accuracy, shortVersion, when, whole } from "../../page/format.js";
import { mountNotice } from "../../page/notice.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { byWhom } from "./publish-words.js";
import { mountServedVersions, showRunLink } from "./served-versions.js";

/** @import {Model} from "../types.js" */

/**
 * @param {{body: HTMLTableSectionElement, notice: HTMLElement, dialog: HTMLDialogElement | null}} parts `dialog` only for
 *   the admin
 * @param {() => void} onChange after a roll back
 */
export function mountServedModels({ body, notice, dialog }, onChange) {
  const { say, sayError } = mountNotice(notice);
  const versions = mountServedVersions(one(document, "#served-versions", HTMLDialogElement), onChange);
  let shown = "";

  /**
   * @param {HTMLDialogElement} dialog
   * @param {string} name
   */
  async function rollBack(dialog, name) {
    part(dialog, "name").textContent = `“${name}”`;
    if (!(await confirmed(dialog))) return;
    try {
      const model = await post(`admin/models/${encodeURIComponent(name)}/rollback`);
      say(
        model
          ? `“${name}” is back at version ${shortVersion(model.version)}, with ${accuracy(model.accuracy)}.`
          : `“${name}” had no version before, so it is no longer published.`,
      );
      onChange();
    } catch (error) {
      sayError(error);
    }
  }

  /** @param {Model} model */
  function rowOf(model) {
    const { element } = copyOf("served-model-row", {
      name: model.name,
      detail: `${model.sizes.join("-")} · ${whole(model.parameters)} parameters · version ${shortVersion(model.version)}`,
      accuracy: accuracy(model.accuracy),
      origin: originOf(model),
    });
    showRunLink(part(element, "run", HTMLAnchorElement), model.run_id);
    part(element, "versions").setAttribute("aria-label", `Versions of ${model.name}`);
    part(element, "versions").addEventListener("click", () => versions.open(model.name));
    if (dialog && model.can_roll_back) {
      const button = part(element, "rollBack");
      button.hidden = false;
      button.setAttribute("aria-label", `Roll back ${model.name}`);
      button.addEventListener("click", () => rollBack(dialog, model.name));
    }
    return element;
  }

  /** @param {Model[]} models */
  return function show(models) {
    if (JSON.stringify(models) === shown) return;
    shown = JSON.stringify(models);
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    const row = [...body.rows].find((candidate) => candidate.contains(focused));
    body.replaceChildren(...models.map(rowOf));
    if (!row) return;
    const sameRow = [...body.rows].find((candidate) => rowName(candidate) === rowName(row));
    /** @type {HTMLElement | null | undefined} */
    const sameButton = sameRow?.querySelector(`[data-part=${focused.dataset.part}]:not([hidden])`);
    (sameButton ?? notice).focus();
  };
}

/** @param {HTMLTableRowElement} row */
function rowName(row) {
  return part(row, "name").textContent;
}

/** @param {Model} model */
function originOf(model) {
  if (model.published_at === null) return "came with the app";
  return `${model.run_id === null ? "published" : ", published"} ${when(model.published_at)}${byWhom({ who: model.who })}`;
}
