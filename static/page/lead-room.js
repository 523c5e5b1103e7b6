/** A lesson on the teacher's screen, with `room=CODE` in its address: the phones of that room show what it shows. */

import { linkToState, onAddress } from "./address-state.js";
import { request } from "./api.js";
import { Asker } from "./asker.js";
import { one } from "./elements.js";
import { problemOf } from "./live-sentence.js";
import { part } from "./part.js";
import { setText } from "./text.js";

const bar = one(document, "#room-bar");
const code = String(bar.dataset.code);
const words = part(bar, "words");
const toggle = part(bar, "switch");
let isLeading = true;

// One address at a time is on its way, and the last one always follows. The address itself changes at most three times
// a second.
const asker = new Asker(tell, (outcome) => {
  const problem = problemOf(outcome);
  show(problem);
  setText(part(bar, "status"), problem || words.textContent);
});

/**
 * @param {string | null} follow
 * @param {AbortSignal} [signal]
 */
async function tell(follow, signal) {
  await request(`admin/rooms/${code}`, {
    method: "PATCH",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ follow }),
    keepalive: true, // it is sent also where the page is left
    signal,
  });
}

function lead() {
  if (isLeading) asker.ask(linkToState().slice(document.baseURI.length), false);
}

function stop() {
  isLeading = false;
  asker.ask(null, true);
}

/** @param {string} problem or "" */
function show(problem) {
  const state = isLeading ? `Room ${code} follows this page.` : `Room ${code} does not follow this page.`;
  setText(words, problem || state);
  setText(toggle, isLeading ? "Stop" : "Lead again");
}

toggle.addEventListener("click", () => {
  if (isLeading) stop();
  else {
    isLeading = true;
    lead();
  }
  show("");
});
part(bar, "back").addEventListener("click", stop);
addEventListener("pagehide", () => {
  if (!isLeading) return;
  asker.forget(); // no older address may arrive after this
  tell(null).catch(() => {});
});
// The browser may keep a page that is left, and show it again.
addEventListener("pageshow", ({ persisted }) => persisted && lead());
addEventListener("online", () => asker.retry());
onAddress(lead);
lead();
