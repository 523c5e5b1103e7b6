/** The question at the end of a lesson: the reader's own words, and a model answer to hold beside them. */

import { one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { isDone, keepProgress, onProgress, progressIn, progressWords } from "./progress.js";

const section = part(document, "own-words");
const lesson = String(one(document, "main").dataset.lesson);
const field = one(section, "textarea", HTMLTextAreaElement);
const model = one(section, "details", HTMLDetailsElement);
const [progress, goOn] = ["progress", "go-on"].map((name) => part(section, name));

field.value = progressIn(lesson).own;
field.addEventListener("input", () => keepProgress(lesson, { own: field.value }));
model.addEventListener("toggle", () => model.open && keepProgress(lesson, { isCompared: true }));

function show() {
  const now = progressIn(lesson);
  setText(progress, progressWords(now));
  progress.classList.toggle("is-done", isDone(now));
  goOn.hidden = !isDone(now);
}

onProgress(show);
show();
