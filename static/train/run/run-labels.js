/** The name and the note of a run: shown to all, written by the admin, who can also delete the run. */

import { request } from "../../page/api.js";
import { mountNotice } from "../../page/notice.js";
import { deleteRuns, leadToUndo } from "../runs/run-deleted.js";

const main = document.getElementById("main");
const id = Number(main.dataset.run);
const labels = document.getElementById("run-labels");
const part = (name) => labels.querySelector(`[data-part=${name}]`);
const form = part("form"); // there only for who has signed in

/** @param {{name: string | null, note: string | null}} run */
function show(run) {
  for (const name of ["name", "note"]) {
    part(name).textContent = run[name] ?? "";
    part(name).hidden = !run[name];
  }
}

function mountForm() {
  const notice = mountNotice(part("labelsProblem"));
  const state = part("state");
  const fields = { name: form.elements.namedItem("name"), note: form.elements.namedItem("note") };
  const read = () => ({ name: fields.name.value, note: fields.note.value });
  let saved = { name: fields.name.defaultValue, note: fields.note.defaultValue };
  let isSaving = false;

  const isChanged = () => JSON.stringify(read()) !== JSON.stringify(saved);
  const say = (text) => {
    if (state.textContent !== text) state.textContent = text;
  };

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
      say(isChanged() ? "Saved, but not what was typed since." : "Saved.");
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
  form.addEventListener("input", () => say(isChanged() ? "Not saved yet." : ""));
  // Closing the page would lose what nobody saved: browsers ask then.
  addEventListener("beforeunload", (event) => {
    if (isChanged()) event.preventDefault();
  });
  // A browser puts back what a form held when its page was left, after this.
  addEventListener("pageshow", () => {
    if (!isChanged()) return;
    part("details").open = true;
    say("Not saved yet.");
  });

  part("delete").addEventListener("click", async () => {
    notice.say("");
    const { error } = await deleteRuns([id]);
    if (error) return notice.sayError(error);
    saved = read(); // it went with the run
    leadToUndo();
  });
}

if (form) mountForm();

// While the page was away somebody may have named the run.
document.addEventListener("visibilitychange", async () => {
  if (document.hidden) return;
  try {
    show(await request(`runs/${id}`));
  } catch {
    // Whoever shows the run says so.
  }
});
