/** The words with their meaning on tap, of templates/shared/term.html. One meaning at a time is open. */

import { one } from "./elements.js";

// CSS pixels between the word and its meaning, and from there to the edge of the screen.
const GAP = 6;

/** @type {{word: HTMLElement, note: HTMLElement} | null} */
let shown = null;

/** @param {HTMLElement} word */
function toggle(word) {
  const isOpen = shown?.word === word;
  close();
  if (isOpen) return;
  shown = { word, note: one(document, `#${word.getAttribute("aria-controls")}`) };
  show(true);
  place();
}

function close() {
  if (shown) show(false);
  shown = null;
}

/** @param {boolean} isShown */
function show(isShown) {
  shown.word.setAttribute("aria-expanded", String(isShown));
  shown.note.hidden = !isShown;
}

/** Below the word, or above it where there is no room below, and never beyond the sides of the screen. */
function place() {
  if (!shown) return;
  const { clientWidth, clientHeight } = document.documentElement;
  const { left, top, bottom } = shown.word.getBoundingClientRect();
  const { width, height } = shown.note.getBoundingClientRect();
  const isBelow = bottom + GAP + height <= clientHeight || top - GAP - height < 0;
  shown.note.style.top = `${isBelow ? bottom + GAP : top - GAP - height}px`;
  shown.note.style.left = `${Math.max(GAP, Math.min(left, clientWidth - GAP - width))}px`;
}

/** @param {EventTarget | null} target */
function wordOf(target) {
  return target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest(".term")) : null;
}

/** @param {Event} event */
function closeFromElsewhere({ target }) {
  if (shown && target instanceof Node && wordOf(target) !== shown.word && !shown.note.contains(target)) close();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const word = wordOf(event.target);
  if (event.key === "Escape" && shown) close();
  else if (word && ["Enter", " "].includes(event.key)) toggle(word);
  else return;
  event.preventDefault(); // Space would scroll
  event.stopPropagation();
}

document.addEventListener("click", ({ target }) => {
  const word = wordOf(target);
  if (word) toggle(word);
});
document.addEventListener("pointerdown", closeFromElsewhere);
document.addEventListener("focusin", closeFromElsewhere);
// Before any other part of the page, for which the keys mean something else.
document.addEventListener("keydown", onKey, { capture: true });
addEventListener("scroll", place, { capture: true, passive: true });
addEventListener("resize", place);
