/** The page of rooms: joins one by its code; a teacher opens one. */

import { Problem, post, request, sentenceOf } from "../page/api.js";
import { all, one } from "../page/elements.js";
import { when } from "../page/format.js";
import { sayProblem } from "../page/live-sentence.js";
import { mountNotice } from "../page/notice.js";

const form = one(document, "#join", HTMLFormElement);
const input = one(form, "input", HTMLInputElement);
const problem = one(document, "#join-problem");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  sayProblem(problem, "");
  try {
    const { code } = await request(`rooms/${encodeURIComponent(input.value.trim())}`);
    location.assign(new URL(`rooms/${code}`, document.baseURI));
  } catch (error) {
    const isUnknown = error instanceof Problem && [404, 422].includes(error.status);
    const unknown = "There is no room with this code. Compare it with the projector.";
    sayProblem(problem, isUnknown ? unknown : sentenceOf(error));
    input.select();
  }
});

for (const time of all(document, "time", HTMLTimeElement)) time.textContent = when(time.dateTime);

const button = document.querySelector("#open-room");
const notice = button && mountNotice(one(document, "#open-problem"));
button?.addEventListener("click", async () => {
  try {
    const { code } = await post("admin/rooms");
    location.assign(new URL(`rooms/${code}/control`, document.baseURI));
  } catch (error) {
    notice?.sayError(error);
  }
});
