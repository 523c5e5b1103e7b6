/** The dialog that makes a run's network answer under a name: says what it replaces before it does. */

import { post, request } from "./api.js";
import { accuracy } from "./format.js";
import { mountNotice } from "./notice.js";

/**
 * @param {HTMLDialogElement} dialog
 * @param {(model: any) => void} onPublished
 */
export function mountPublish(dialog, onPublished) {
  const form = dialog.querySelector("form");
  const name = form.elements.name;
  const replaces = dialog.querySelector("#publish-replaces");
  const problem = mountNotice(dialog.querySelector("[data-part=problem]"));
  let busy = false;
  let run = null;
  let models = [];

  function showReplaced() {
    const replaced = models.find((model) => model.name === name.value.trim());
    replaces.textContent = replaced
      ? `This replaces “${replaced.name}”, which gets ${accuracy(replaced.accuracy)} of the test images right; ` +
        `this run gets ${ownAccuracy(run)}. You can roll back.`
      : `No network has this name yet, so it answers beside the others. This run gets ${ownAccuracy(run)} right.`;
  }

  name.addEventListener("input", () => {
    problem.say("");
    showReplaced();
  });
  dialog.querySelector("[data-part=cancel]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault(); // the dialog stays open until the server has said yes
    if (busy) return;
    busy = true;
    try {
      const model = await post(`admin/runs/${run.id}/publish`, { name: name.value.trim() });
      dialog.close();
      onPublished(model);
    } catch (error) {
      problem.sayError(error);
    }
    busy = false;
  });

  return {
    async open(current) {
      run = current;
      problem.say("");
      try {
        models = await request("models");
      } catch (error) {
        problem.sayError(error);
      }
      dialog.querySelector("datalist").replaceChildren(...models.map((model) => new Option(model.name)));
      showReplaced();
      dialog.showModal();
    },
  };
}

function ownAccuracy(run) {
  if (run.test_accuracy !== null) return accuracy(run.test_accuracy);
  return `${accuracy(run.accuracy)} of the images held out`;
}
