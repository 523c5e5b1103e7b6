/** The pupils: another name, removing and restoring, and a code with which one comes back on another device. */

import { one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { setText } from "../../page/text.js";
import { drawings as drawingsWords } from "../room-words.js";
import { rejoinWords } from "./control-words.js";

/**
 * @import {TeacherPupil} from "./control-words.js"
 * @typedef {{element: HTMLElement, part: (name: string) => HTMLElement}} Row
 */

/**
 * @param {HTMLElement} section
 * @param {HTMLDialogElement} dialog for another name
 * @param {(method: string, path: string, body?: object) => Promise<boolean>} send
 */
export function mountPupilList(section, dialog, send) {
  const list = one(section, "#pupil-list");
  const name = one(dialog, "input", HTMLInputElement);
  /** @type {Map<number, Row>} */
  const rows = new Map();
  /** @type {Map<number, TeacherPupil>} */
  let pupils = new Map();
  let renamed = 0;

  list.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    const pupil = pupils.get(Number(button?.closest("li")?.dataset.pupil));
    if (!button || !pupil) return;
    const path = `/pupils/${pupil.pupil}`;
    const { action } = button.dataset;
    if (action === "rename") askName(pupil);
    else if (action === "rejoin") send("POST", `${path}/rejoin`);
    else send("PATCH", path, { removed: !pupil.gone });
  });
  one(dialog, "form").addEventListener("submit", async (event) => {
    if (!(event.submitter instanceof HTMLButtonElement) || event.submitter.value !== "confirm") return;
    event.preventDefault();
    const chosen = name.value.trim();
    if (chosen && (await send("PATCH", `/pupils/${renamed}`, { name: chosen }))) dialog.close();
    else if (chosen)
      dialog.close(); // the page's notice says why
    else name.focus();
  });

  /** @param {TeacherPupil} pupil */
  function askName({ pupil, name: before }) {
    renamed = pupil;
    name.value = before ?? "";
    setText(part(dialog, "before"), before ?? "");
    dialog.showModal();
    name.select();
  }

  /** @param {number} id */
  function newRow(id) {
    const row = copyOf("pupil-row", {});
    row.element.dataset.pupil = String(id);
    list.append(row.element);
    rows.set(id, row);
    return row;
  }

  /**
   * @param {Row} row
   * @param {TeacherPupil} pupil
   * @param {number} count of drawings
   */
  function showRow(row, pupil, count) {
    const gone = pupil.gone ? " · removed" : "";
    setText(row.part("name"), pupil.name ?? "");
    setText(row.part("words"), `${pupil.simulated ? "simulated · " : ""}${drawingsWords(count)}${gone}`);
    row.element.classList.toggle("is-gone", Boolean(pupil.gone));
    const [remove, rejoin, rename] = ["remove", "rejoin", "rename"].map((action) => row.part(action));
    setText(remove, pupil.gone ? "Restore" : "Remove");
    rejoin.hidden = Boolean(pupil.gone || pupil.simulated);
    for (const button of [remove, rejoin, rename]) {
      button.setAttribute("aria-label", `${button.textContent}: ${pupil.name}`);
    }
    showCode(row, pupil);
  }

  /**
   * @param {Row} row
   * @param {TeacherPupil} pupil
   */
  function showCode(row, pupil) {
    const rejoin = pupil.gone ? null : rejoinWords(pupil, Date.now());
    row.part("back").hidden = rejoin === null;
    if (!rejoin) return;
    setText(row.part("code"), rejoin.code);
    setText(row.part("time"), rejoin.words);
  }

  setInterval(() => {
    for (const [id, row] of rows) {
      const pupil = pupils.get(id);
      if (pupil?.rejoin) showCode(row, pupil);
    }
  }, 1_000);

  return {
    /**
     * @param {Map<number, TeacherPupil>} now
     * @param {Map<number, number>} counts of their drawings
     */
    show(now, counts) {
      pupils = now;
      for (const [id, pupil] of now) showRow(rows.get(id) ?? newRow(id), pupil, counts.get(id) ?? 0);
      one(section, "#no-pupils").hidden = now.size > 0;
    },
  };
}
