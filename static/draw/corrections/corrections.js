/** The page of corrections, for the admin: what is kept, with a button each that removes or restores it. */

import { request } from "../../page/api.js";
import { confirmed } from "../../page/confirm.js";
import { one } from "../../page/elements.js";
import { aDigit, when } from "../../page/format.js";
import { mountNotice } from "../../page/notice.js";
import { copyOf } from "../../page/template.js";
import { setText } from "../../page/text.js";
import { fromPoints } from "../../sheet/stroke-points.js";
import { strokesPicture } from "../../sheet/strokes-picture.js";
import { answerText, countText } from "./corrections-words.js";

/** @import {Correction} from "./corrections-words.js" */

const PATH = "admin/corrections";
const list = one(document, "#corrections");
const count = one(document, "#corrections-count");
const actions = one(document, "#corrections-actions");
const more = one(document, "#more");
const { say, sayError } = mountNotice(one(document, "#corrections-problem"));
/** The number of the oldest one that is shown. @type {number | null} */
let oldest = null;

async function read() {
  /** @type {Correction[]} */
  let found;
  try {
    found = await request(oldest === null ? PATH : `${PATH}?before=${oldest}`);
  } catch (error) {
    return sayError(error, undefined, read);
  }
  say("");
  if (oldest === null) {
    // They are numbered without gaps.
    setText(count, countText(found[0]?.id ?? 0));
    actions.hidden = found.length === 0;
  }
  const isAsked = document.activeElement === more;
  oldest = found.at(-1)?.id ?? oldest;
  more.hidden = (oldest ?? 1) === 1;
  const tiles = found.map(tileOf);
  list.append(...tiles);
  if (isAsked) tiles[0]?.querySelector("button")?.focus();
}

/** @param {Correction} correction */
function tileOf(correction) {
  const { element, part } = copyOf("correction-tile", {
    label: `It is ${aDigit(correction.label)}.`,
    answer: answerText(correction),
    when: when(correction.drawn_at),
  });
  const name = `Drawing ${correction.id}, said to be ${aDigit(correction.label)}`;
  part("picture").append(strokesPicture(fromPoints(correction.strokes), name));
  const button = part("change");

  /** @param {Correction["status"]} status */
  function show(status) {
    const isRemoved = status === "removed";
    element.classList.toggle("is-removed", isRemoved);
    button.textContent = isRemoved ? "Restore" : "Remove";
    button.setAttribute("aria-label", `${button.textContent} drawing ${correction.id}`);
    button.onclick = () => change(isRemoved ? "ready" : "removed");
  }

  /** @param {Correction["status"]} status */
  async function change(status) {
    try {
      await request(`${PATH}/${correction.id}`, {
        method: "PATCH",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ status }),
      });
      say("");
      show(status);
    } catch (error) {
      sayError(error);
    }
  }

  show(correction.status);
  return element;
}

async function forget() {
  if (!(await confirmed(one(document, "#forget-dialog", HTMLDialogElement)))) return;
  try {
    await request(PATH, { method: "DELETE" });
  } catch (error) {
    return sayError(error);
  }
  list.replaceChildren();
  oldest = null;
  await read();
  count.focus(); // the button is gone
}

more.addEventListener("click", read);
one(document, "#forget").addEventListener("click", forget);
await read();
