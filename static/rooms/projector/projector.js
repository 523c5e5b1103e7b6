/** What the class sees, from the room's public stream alone: nothing that is hidden can be on it. */

import { mountAnnouncer } from "../../page/announcer.js";
import { Problem, request } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { mountNotice } from "../../page/notice.js";
import { followRoom } from "../../page/room-stream.js";
import { setText } from "../../page/text.js";
import { adminCalls } from "../admin-calls.js";
import { mountGame } from "../game/projector-game.js";
import { pupilsWords, THREE_QUESTION } from "../room-words.js";
import { mountBalance } from "./balance.js";
import { mountLargeTile } from "./large-tile.js";
import { mountLead } from "./lead.js";
import { mountLiveCost } from "./live-cost.js";
import { resultWords, testWords } from "./projector-words.js";
import { ENDED, readRuns } from "./run-reader.js";
import { mountThree } from "./three.js";
import { mountWall } from "./wall.js";
import { countsOf, forQuestion, onWall, ordered } from "./wall-order.js";

/**
 * @import {Pupil, Quiz, RoomState, WallDrawing} from "../../page/room-stream.js"
 * @import {Followed} from "./run-reader.js"
 * @import {Author} from "./wall.js"
 * @import {Order} from "./wall-order.js"
 */

const LOST = "The connection is lost. The page keeps trying.";
const FORGOTTEN = "This room was forgotten, with everything drawn in it.";
// Milliseconds after which a burst of news is read to those who listen.
const ANNOUNCE_AFTER = 1_500;

const main = one(document, "#main");
const code = main.dataset.code ?? "";
const notice = mountNotice(one(main, "#room-notice"));
const connection = mountNotice(one(main, "#room-connection"));
const announce = mountAnnouncer(one(main, "#announcement"), ANNOUNCE_AFTER);
const wall = mountWall(one(main, "#wall"), open);
const large = mountLargeTile(one(document, "#large-tile", HTMLDialogElement));
const balance = mountBalance(one(main, "#balance"));
const cost = mountLiveCost(one(main, "#live"));
const three = mountThree(one(main, "#three"));
const runs = readRuns(showRuns);
const order = one(main, "#order", HTMLSelectElement);
const strip = document.querySelector("#lead");
const calls = adminCalls(code, notice);
const lead = strip instanceof HTMLElement ? mountLead(strip, code, calls, notice, showStarting) : null;

/** @type {Map<number, Pupil>} */
const pupils = new Map();
/** @type {Map<number, WallDrawing>} */
const drawings = new Map();
/** @type {RoomState | null} */
let room = null;
/** @type {Quiz | null} */
let quiz = null;
/** @type {{model: string, share: number | null}} the accuracy of the network that answers */
let accuracy = { model: "", share: null };
/** @type {string[]} the status of each of the room's runs */
let runStatus = [];
/** @type {number | null} how many drawings are held out, which only the teacher may know */
let heldOut = null;
let wasConnected = false;
/** Whether the teacher has just pressed Start. */
let isStarting = false;
let frame = 0;
const game = mountGame(main, code, pupils, drawings, strip ? calls.send : null);

order.addEventListener("change", showSoon);
const help = one(main, "#join-help", HTMLDetailsElement);
help.addEventListener("toggle", () => help.open && help.scrollIntoView({ block: "nearest" }));

followRoom(`rooms/${code}/events`, [`rooms/${code}`], {
  onChanges(changes) {
    game.take(changes);
    for (const pupil of changes.pupils) pupils.set(pupil.pupil, pupil);
    for (const drawing of changes.drawings) drawings.set(drawing.id, drawing);
    if (changes.room && changes.room.activity !== room?.activity) {
      order.value = changes.room.activity === "collect" ? "digit" : "came";
    }
    // What the last run did says nothing of the next.
    if (changes.room && changes.room.runs.join() !== room?.runs.join()) {
      runStatus = changes.room.runs.map(() => "queued");
      heldOut = null;
      if (lead && runStatus.length > 1) readHeldOut();
    }
    room = changes.room ?? room;
    quiz = changes.quiz ?? quiz;
    showSoon();
  },
  onRun(event) {
    cost.add(event);
    showSoon();
  },
  onRunRestart: cost.restart,
  onEnd() {
    for (const part of [one(main, ".stage"), one(main, ".join")]) part.hidden = true;
    drawings.clear();
    showSoon();
    connection.say(FORGOTTEN);
    one(main, "#to-rooms").hidden = false;
  },
  onConnection(isConnected) {
    connection.say(isConnected ? "" : LOST);
    if (isConnected && lead && wasConnected) checkSignedIn();
    wasConnected ||= isConnected;
  },
});

/** All may follow the room, so that its stream goes on does not say whether the teacher is still signed in. */
async function checkSignedIn() {
  try {
    await request("admin/rooms");
  } catch (error) {
    if (error instanceof Problem) notice.sayError(error);
  }
}

/** At most once a frame: forty pupils may draw at once. */
function showSoon() {
  if (frame !== 0) return;
  frame = requestAnimationFrame(() => {
    frame = 0;
    if (room) show(room);
  });
}

/** @param {RoomState} now */
function show(now) {
  const asked = forQuestion(drawings.values(), now);
  const counts = countsOf(asked);
  const here = [...pupils.values()].filter(({ gone }) => !gone);
  const isWatching = now.activity === "watch";
  main.dataset.join = now.round === 1 && !now.locked && drawings.size === 0 ? "large" : "rail";
  main.dataset.activity = now.activity;
  const isRace = now.runs.length > 1;
  const title = game.show(isWatching && isRace ? THREE_QUESTION : now.prompt);
  setText(one(main, "#prompt"), title);
  const test = testWords(quiz, here.filter(({ simulated }) => !simulated).length);
  setText(one(main, "#test-open"), test);
  one(main, "#test-open").hidden = test === "";
  one(main, "#look-up").hidden = !now.frozen;
  const inside = pupilsWords(here) + (now.locked ? " The room is locked." : "");
  setText(one(main, "#pupils"), inside);
  const result = isWatching ? "" : resultWords(counts, accuracy.share);
  setText(one(main, "#result"), result);
  one(main, "#wall-head").hidden = result === "";
  one(main, "#sort").hidden = counts.up === 0;
  one(main, "#wall").hidden = isWatching;
  wall.show(ordered(onWall(asked), /** @type {Order} */ (order.value)), authorOf);
  one(main, "#no-names").hidden = !now.names || counts.up === 0 || !wall.isWithoutNames;
  if (large.drawing) large.update(drawings.get(large.drawing), authorOf(drawings.get(large.drawing)));
  one(main, "#balance").hidden = now.activity !== "collect";
  balance.show(now.by_digit);
  one(main, "#live").hidden = !isWatching || isRace;
  one(main, "#three").hidden = !isWatching || !isRace;
  if (isWatching && !isRace) showCost(now.runs.at(-1) ?? 0);
  runs.watch(isWatching ? now.runs : []);
  lead?.show(now, {
    pupils: here.length,
    ready: counts.down,
    up: counts.up,
    runs: runStatus,
  });
  announce([title, test, inside, result].filter(Boolean).join(" "));
  if (now.model !== accuracy.model) readAccuracy(now.model);
}

/** @param {boolean} now */
function showStarting(now) {
  isStarting = now;
  showSoon();
}

/** @param {number} run 0 for none */
function showCost(run) {
  if (isStarting) cost.show(0, true);
  else cost.show(run, run !== 0 && !ENDED.includes(runStatus[0]));
}

/** @param {WallDrawing | undefined} drawing @returns {Author} */
function authorOf(drawing) {
  const pupil = pupils.get(drawing?.pupil ?? 0);
  return { name: pupil?.name ?? "", simulated: pupil?.simulated ?? false };
}

/** @param {number} id */
function open(id) {
  const drawing = drawings.get(id);
  if (drawing) large.open(drawing, authorOf(drawing));
}

/**
 * @param {Followed[]} followed
 * @param {unknown} error
 */
function showRuns(followed, error) {
  if (error) notice.sayError(error);
  else {
    if (followed.length > 1) three.show(followed, heldOut);
    runStatus = followed.map(({ run }) => run.status);
    showSoon();
  }
}

/** Read when the runs are new, since more may be drawn later. */
async function readHeldOut() {
  try {
    heldOut = (await request(`datasets/room-${code}`)).held_out || null;
  } catch {
    // The shares are said without it.
  }
}

/** @param {string} model */
async function readAccuracy(model) {
  accuracy = { model, share: null };
  try {
    const { accuracy: share } = await request(`models/${encodeURIComponent(model)}`);
    if (accuracy.model === model) accuracy = { model, share };
    showSoon();
  } catch {
    // The class's own figure is shown without it.
  }
}
