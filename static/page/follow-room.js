/** A lesson on a pupil's phone, with `room=CODE` in its address: it shows what the teacher's page shows. */

import { showAddress } from "./address-state.js";
import { mountAnnouncer } from "./announcer.js";
import { one } from "./elements.js";
import { explores, followedAddress } from "./followed-lesson.js";
import { mountLookUp } from "./look-up.js";
import { part } from "./part.js";
import { followRoom } from "./room-stream.js";
import { setText } from "./text.js";

// Milliseconds. A teacher who goes to another lesson, or reloads this one, stops for a moment.
const GRACE = 1_500;

const bar = one(document, "#room-bar");
const code = String(bar.dataset.code);
const toggle = part(bar, "switch");
const back = part(bar, "back", HTMLAnchorElement);
const exploring = explores(code);
const announce = mountAnnouncer(part(bar, "status"), 500);
const lookUp = mountLookUp(one(document, "#look-up", HTMLDialogElement));

let isExploring = exploring.read();
let isConnected = true;
/** @type {string | null | undefined} undefined until the room has said it */
let followed;
let timer = 0;

function follow() {
  clearTimeout(timer);
  if (isExploring || followed === undefined) return;
  if (followed === null) {
    timer = setTimeout(() => location.replace(back.href), GRACE);
    return;
  }
  const address = followedAddress(followed, code);
  if (address.pathname === location.pathname) showAddress(address.search);
  else location.replace(address);
}

function show() {
  setText(toggle, isExploring ? "Follow again" : "Explore on your own");
  say(wordsNow());
}

function wordsNow() {
  if (!isConnected) return "No connection, trying again.";
  if (followed === null) return isExploring ? "Your teacher leads no page now." : "Back to the room …";
  return isExploring ? "You explore on your own." : "Your teacher leads this page.";
}

/** @param {string} words */
function say(words) {
  setText(part(bar, "words"), words);
  announce(words);
}

/** @param {boolean} alone */
function explore(alone) {
  isExploring = alone;
  exploring.write(alone);
  follow();
  show();
}

toggle.addEventListener("click", () => explore(!isExploring));
// Else the room's page would lead back here.
back.addEventListener("click", () => exploring.write(true));
followRoom(`rooms/${code}/events`, [`rooms/${code}`], {
  onChanges({ room }) {
    if (!room) return;
    lookUp(room.frozen);
    const now = room.follow ?? null; // rooms of older versions have none
    if (now !== followed) {
      followed = now;
      follow();
    }
    show();
  },
  onEnd() {
    lookUp(false);
    for (const gone of [toggle, back]) gone.hidden = true;
    clearTimeout(timer);
    say("This room is over.");
  },
  onConnection(connected) {
    isConnected = connected;
    show();
  },
});
show();
