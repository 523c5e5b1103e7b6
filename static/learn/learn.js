/** The list of lessons: which are done in this tab, and what is left of the others. */

import { all } from "../page/elements.js";
import { isDone, leftWords, progressIn } from "./predict/progress.js";

function show() {
  for (const place of all(document, "[data-progress]", HTMLElement)) {
    const progress = progressIn(String(place.dataset.progress));
    place.textContent = leftWords(progress);
    place.classList.toggle("is-done", isDone(progress));
  }
}

show();
// Also when the browser's back button brings the page as it was.
addEventListener("pageshow", show);
