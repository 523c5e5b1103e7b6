/** The name and the note of a run, shown to everyone. The admin can change them, and delete the run. */

import { Problem, request } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { mountNotice } from "../../page/notice.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { deleteRuns } from "../runs/run-deleted.js";

/** @import {Run} from "../types.js" */

const id = Number(one(document, "#main").dataset.run);
const labels = one(document, "#run-labels");
/** @type {HTMLFormElement | null} only for the admin */
const form = labels.querySelector("[data-part=form]");

/** @param {Pick<Run, "name" | "note">} run */
function show({ name, note }) {
  for (const [field, text] of Object.entries({ name, note })) {
    part(labels, field).textContent = text ?? "";
    part(labels, field).hidden = !text;
  }
}

/** @param {HTMLFormElement} form */
function mountForm(form) {
  const notice = mountNotice(part(labels, "labelsProblem"));
  const name = one(form, "[name=name]", HTMLInputElement);
  const note = one(form, "[name=note]", HTMLTextAreaElement);
  const read = () => ({ name: name.value, note: note.value });
  let saved = { name: name.defaultValue, note: note.defaultValue };
  let isSaving = false;

  const isChanged = () => JSON.stringify(read()) !== JSON.stringify(saved);
  /** @param {string} text */
  const say = (text) => setText(part(labels, "state"), text);

  async function save() {
    if (isSaving) return;
    isSaving = true;
    notice.say("");
    say("Saving …");
    const typed = read();
    try {
      const run = await request(`admin/runs/${id}`, {
        method: "PATCH",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(typed),
      });
      saved = typed;
      show(run);
      say(isChanged() ? "Saved, but not your newest changes." : "Saved.");
    } catch (error) {
      say("Not saved.");
      notice.sayError(error, (sentence) => `${sentence} What you typed is still here.`);
    }
    isSaving = false;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  form.addEventListener("input", () => {
    notice.say("");
    say(isChanged() ? "Not saved yet." : "");
  });
  // The browser asks before it closes a page with unsaved changes.
  addEventListener("beforeunload", (event) => {
    if (isChanged()) event.preventDefault();
  });
  // On the way back to a page, a browser restores what was typed.
  addEventListener("pageshow", () => {
    if (!isChanged()) return;
    part(labels, "details", HTMLDetailsElement).open = true;
    say("Not saved yet.");
  });

  part(labels, "delete").addEventListener("click", async () => {
    notice.say("");
    const { error } = await deleteRuns([id]);
    if (error) return notice.sayError(error);
    saved = read(); // deleted with the run
    location.assign(`runs#deleted=${id}`); // where the deletion can be undone
  });
}

if (form) mountForm(form);

// Another admin may have renamed or deleted the run while this page was hidden.
document.addEventListener("visibilitychange", async () => {
  if (document.hidden) return;
  try {
    show(await request(`runs/${id}`));
  } catch (error) {
    // The page of a deleted run has a button that restores it. run.js shows any other error.
    if (form && error instanceof Problem && error.status === 404) location.reload();
  }
});
