/** The frame of a lesson: the link to its state, and what a teacher leaves out of it. */

import { hiddenControls, linkToState } from "../page/address-state.js";
import "../page/math-font.js";
import { copyOf } from "../page/template.js";

const COPIED = "Copied. Whoever opens it sees what you see.";
const COPIED_HIDING = "Copied. Whoever opens it sees this, without what you hide.";
const NOT_COPIED = "Copy the link from here:";

const main = document.querySelector("#main");
const more = main.querySelector(".lesson-more");
const part = (name) => more.querySelector(`[data-part=${name}]`);
const [status, field, list] = ["link-status", "link", "controls"].map(part);
const teachers = more.querySelector(".lesson-teachers");
let hidden = hiddenControls();

more.querySelector("[data-action=link]").addEventListener("click", async () => {
  const link = linkToState(hidden);
  try {
    await navigator.clipboard.writeText(link); // there is no clipboard on a page that came without TLS
    field.hidden = true;
    say(hidden.length > 0 ? COPIED_HIDING : COPIED);
  } catch {
    field.value = link;
    field.hidden = false;
    say(NOT_COPIED);
    field.select();
  }
});

// When it is opened, since a lesson may make its controls late.
teachers.addEventListener("toggle", () => {
  if (!teachers.open) return;
  const names = controlNames();
  list.replaceChildren(
    ...[...names].map(([control, name]) => {
      const { element } = copyOf("lesson-control", { name });
      const box = element.querySelector("input");
      box.value = control;
      box.checked = hidden.includes(control);
      return element;
    }),
  );
});

list.addEventListener("change", ({ target }) => {
  hidden = hidden.filter((control) => control !== target.value);
  if (target.checked) hidden.push(target.value);
  status.textContent = "";
  field.hidden = true;
});

// Its address has no query: following it would load the lesson anew, without its state.
document.querySelector(".skip-link").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

function say(sentence) {
  status.textContent = ""; // a text that stays the same is not read out
  requestAnimationFrame(() => (status.textContent = sentence));
}

/** @returns {Map<string, string>} what can be hidden, and its name for people */
function controlNames() {
  const names = new Map();
  for (const element of main.querySelectorAll("[data-control]")) {
    const { control } = element.dataset;
    if (!names.has(control)) names.set(control, nameOf(element) || control);
  }
  return names;
}

function nameOf(element) {
  const labelled = document.getElementById(element.getAttribute("aria-labelledby") ?? "");
  const inside = element.querySelector("legend, h2, h3, summary, label, button");
  const name = element.dataset.controlName ?? element.ariaLabel ?? (labelled ?? inside ?? element).textContent;
  return name.trim().replace(/\s+/g, " ").slice(0, 60);
}
