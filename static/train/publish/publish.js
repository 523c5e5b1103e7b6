/** The dialog that makes a run's network answer under a name: shows what that changes before it does. */

import { post, request } from "../../page/api.js";
import { mountNotice } from "../../page/notice.js";
import { mountPublishChanges } from "./publish-changes.js";

const LABELS = { asking: "Publish", failed: "Publish", better: "Publish", worse: "Publish anyway" };

/**
 * @param {HTMLDialogElement} dialog
 * @param {(model: any) => void} onPublished
 */
export function mountPublish(dialog, onPublished) {
  const form = dialog.querySelector("form");
  const { name, who, why } = form.elements;
  const replaces = dialog.querySelector("#publish-replaces");
  const button = dialog.querySelector("[value=confirm]");
  const problem = mountNotice(dialog.querySelector("[data-part=problem]"));
  let isAsking = true;
  const showState = (state) => {
    isAsking = state === "asking";
    button.setAttribute("aria-disabled", String(isAsking)); // disabled for good, it would lose the focus
    button.textContent = LABELS[state];
    if (!isAsking) problem.say("");
  };
  const changes = mountPublishChanges(dialog.querySelector(".publish-changes"), showState);
  let busy = false;
  let run = null;
  let models = [];
  let replaced = null;

  function showReplaced() {
    const before = replaced;
    replaced = models.some((model) => model.name === name.value.trim()) ? name.value.trim() : "";
    replaces.textContent = replaced
      ? `This replaces “${replaced}”. You can roll back to it at any time.`
      : "No network has this name yet: this one answers beside the others, and is compared with “classic”.";
    if (replaced !== before) changes.show(run.id, replaced || "classic");
  }

  name.addEventListener("input", () => {
    problem.say("");
    showReplaced();
  });
  dialog.querySelector("[data-part=cancel]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => changes.stop());
  form.addEventListener("submit", async (event) => {
    event.preventDefault(); // the dialog stays open until the server has said yes
    if (isAsking) problem.say("Both networks are still being compared. See first what changes.");
    if (busy || isAsking) return;
    busy = true;
    try {
      const words = { name: name.value.trim(), who: who.value, why: why.value };
      const model = await post(`admin/runs/${run.id}/publish`, words);
      dialog.close();
      why.value = ""; // the next one has reasons of its own
      onPublished(model);
    } catch (error) {
      problem.sayError(error);
    }
    busy = false;
  });

  return {
    async open(current) {
      run = current;
      replaced = null;
      problem.say("");
      showState("asking");
      dialog.showModal();
      let failure = null;
      try {
        models = await request("models");
      } catch (error) {
        failure = error;
      }
      dialog.querySelector("datalist").replaceChildren(...models.map((model) => new Option(model.name)));
      showReplaced();
      if (failure) problem.sayError(failure);
    },
  };
}
