/** What all lessons share: the link to the current state, and the controls that a teacher hides in it. */

import { hiddenControls, linkToState } from "../page/address-state.js";
import { copied } from "../page/clipboard.js";
import "../page/math-font.js";
import { part } from "../page/part.js";
import { copyOf } from "../page/template.js";

const COPIED = "Copied. Anyone who opens it sees what you see now.";
const COPIED_HIDING = "Copied. Anyone who opens it sees this, without what you hide.";
const NOT_COPIED = "Copy the link from here:";

const main = document.querySelector("main");
const status = part(main, "link-status");
const field = part(main, "link", HTMLInputElement);
const list = part(main, "controls");
const teachers = part(main, "teachers", HTMLDetailsElement);
let hidden = hiddenControls();

main.querySelector("[data-action=link]").addEventListener("click", async () => {
  const link = linkToState(hidden);
  const isCopied = await copied(link);
  field.hidden = isCopied;
  if (isCopied) return say(hidden.length > 0 ? COPIED_HIDING : COPIED);
  field.value = link;
  say(NOT_COPIED);
  field.select();
});

// Filled when opened, because a lesson may add controls later.
teachers.addEventListener("toggle", () => {
  if (!teachers.open) return;
  const items = [...controlNames()].map(([control, name]) => {
    const { element } = copyOf("lesson-control", { name });
    const box = element.querySelector("input");
    box.value = control;
    box.checked = hidden.includes(control);
    return element;
  });
  list.replaceChildren(...items);
});

list.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return;
  hidden = hidden.filter((control) => control !== target.value);
  if (target.checked) hidden.push(target.value);
  status.textContent = "";
  field.hidden = true;
});

// The skip link's address has no query: following it would reload the lesson without its state.
document.querySelector(".skip-link").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

/** @param {string} sentence */
function say(sentence) {
  status.textContent = ""; // screen readers don't repeat an unchanged text
  requestAnimationFrame(() => {
    status.textContent = sentence;
  });
}

/** @returns {Map<string | null, string | null>} each control that can be hidden, with its name for people */
function controlNames() {
  const controls = [...main.querySelectorAll("[data-control]")];
  return new Map(
    controls.map((control) => [control.getAttribute("data-control"), control.getAttribute("data-control-name")]),
  );
}
