/** The dialog that publishes a run's network under a name, after showing what that changes. */

import { post, request } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { mountNotice } from "../../page/notice.js";
import { part } from "../../page/part.js";
import { mountPublishChanges } from "./publish-changes.js";

/**
 * @import {Model, Run} from "../types.js"
 * @import {State} from "./publish-changes.js"
 */

/**
 * @param {HTMLDialogElement} dialog
 * @param {(model: Model) => void} onPublished
 */
export function mountPublish(dialog, onPublished) {
  const [name, who, why] = ["name", "who", "why"].map((field) => one(dialog, `[name=${field}]`, HTMLInputElement));
  const replaces = one(dialog, "#publish-replaces");
  const button = one(dialog, "[value=confirm]");
  const problem = mountNotice(part(dialog, "problem"));
  let isAsking = true;
  /** @param {State} state */
  const showState = (state) => {
    isAsking = state === "asking";
    button.setAttribute("aria-disabled", String(isAsking)); // a disabled button would lose the focus
    button.classList.toggle("main-button", state !== "worse");
    button.textContent = state === "worse" ? "Publish anyway" : "Publish";
    if (!isAsking) problem.say("");
  };
  const changes = mountPublishChanges(one(dialog, ".publish-changes"), showState);
  let busy = false;
  let run = 0;
  /** @type {Model[]} */
  let models = [];
  /** @type {string | null} */
  let replaced = null;

  function showReplaced() {
    const before = replaced;
    replaced = models.some((model) => model.name === name.value.trim()) ? name.value.trim() : "";
    replaces.textContent = replaced
      ? `This replaces “${replaced}”. You can roll back to it at any time.`
      : "No network has this name yet, so it is added to the others and compared with “classic”.";
    if (replaced !== before) changes.show(run, replaced || "classic");
  }

  async function readModels() {
    let failure = null;
    try {
      models = await request("models");
    } catch (error) {
      failure = error;
    }
    one(dialog, "datalist").replaceChildren(...models.map((model) => new Option(model.name)));
    showReplaced();
    if (failure) problem.sayError(failure, undefined, () => dialog.open && readModels());
  }

  name.addEventListener("input", () => {
    problem.say("");
    showReplaced();
  });
  part(dialog, "cancel").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => changes.stop());
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault(); // the dialog stays open until the server has agreed
    if (isAsking) problem.say("The networks are still being compared. Please wait to see what changes.");
    if (busy || isAsking) return;
    busy = true;
    try {
      const words = { name: name.value.trim(), who: who.value, why: why.value };
      const model = await post(`admin/runs/${run}/publish`, words);
      dialog.close();
      why.value = ""; // the next network has another reason
      onPublished(model);
    } catch (error) {
      problem.sayError(error);
    }
    busy = false;
  });

  return {
    /** @param {Run} current */
    open(current) {
      run = current.id;
      replaced = null;
      problem.say("");
      showState("asking");
      dialog.showModal();
      readModels();
    },
  };
}
