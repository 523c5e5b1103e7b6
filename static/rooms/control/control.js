/** The teacher's own page of a room, from the teacher's stream: all drawings and pupils, and what to do with them. */

import { mountAnnouncer } from "../../page/announcer.js";
import { request } from "../../page/api.js";
import { confirmed } from "../../page/confirm.js";
import { one } from "../../page/elements.js";
import { mountNotice } from "../../page/notice.js";
import { followRoom } from "../../page/room-stream.js";
import { setText } from "../../page/text.js";
import { adminCalls } from "../admin-calls.js";
import { mountFollowing } from "../following.js";
import { mountLeading } from "../leading.js";
import { drawings as drawingsWords, pupilsWords } from "../room-words.js";
import { mountSwitches } from "../switches.js";
import { countsByStatus, daysWords, rejoinWords } from "./control-words.js";
import { mountDrawingList } from "./drawing-list.js";
import { mountPupilList } from "./pupil-list.js";
import { mountQuizPart } from "./quiz-part.js";

/**
 * @import {RoomState, WallDrawing} from "../../page/room-stream.js"
 * @import {TeacherPupil} from "./control-words.js"
 */

const LOST = "The connection is lost. The page keeps trying.";
const FORGOTTEN = "This room was forgotten, with everything drawn in it.";
const ANNOUNCE_AFTER = 1_000;

const main = one(document, "#main");
const code = main.dataset.code ?? "";
const notice = mountNotice(one(main, "#room-notice"));
const connection = mountNotice(one(main, "#room-connection"));
const announce = mountAnnouncer(one(main, "#announcement"), ANNOUNCE_AFTER);
const calls = adminCalls(code, notice);
const { send, change } = calls;
const leading = mountLeading(main, code, calls, notice);
const switches = mountSwitches(main, change);
const following = mountFollowing(main, change);
const accept = one(main, "#accept-all", HTMLButtonElement);
const drawingList = mountDrawingList(one(main, "#drawings"), (id, status) =>
  send("PATCH", `/drawings/${id}`, { status }),
);
const pupilList = mountPupilList(one(main, "#pupils"), one(main, "#rename", HTMLDialogElement), send);
const quizPart = mountQuizPart(one(main, "#test"), code, send);

/** @type {Map<number, TeacherPupil>} */
const pupils = new Map();
/** @type {Map<number, WallDrawing>} */
const drawings = new Map();
/** @type {RoomState | null} */
let room = null;
let frame = 0;

followRoom(`admin/rooms/${code}/events`, ["admin/rooms", `rooms/${code}`], {
  onChanges(changes) {
    for (const pupil of changes.pupils) takePupil(pupil);
    for (const drawing of changes.drawings) drawings.set(drawing.id, drawing);
    room = changes.room ?? room;
    if (changes.quiz) quizPart.show(changes.quiz);
    if (frame === 0) frame = requestAnimationFrame(show);
  },
  onEnd() {
    one(main, "#room").remove();
    room = null;
    connection.say(FORGOTTEN);
    one(main, "#to-rooms").hidden = false;
    one(main, "#room-connection").focus();
  },
  onSignedOut: (refused) => connection.sayError(refused),
  onConnection: (isConnected) => connection.say(isConnected ? "" : LOST),
});

accept.addEventListener("click", () => send("POST", "/accept"));
one(main, "#forget").addEventListener("click", async () => {
  if (await confirmed(one(main, "#forget-dialog", HTMLDialogElement))) send("DELETE", "");
});
readDays();

/** @param {TeacherPupil} pupil */
function takePupil(pupil) {
  const before = pupils.get(pupil.pupil);
  pupils.set(pupil.pupil, pupil);
  const rejoin = rejoinWords(pupil, Date.now());
  if (before && rejoin && rejoin.code !== before.rejoin) {
    announce(`${pupil.name} comes back with the code ${[...rejoin.code].join(" ")}.`);
  }
}

/** Once a frame, however many draw at once. */
function show() {
  frame = 0;
  if (!room) return;
  switches.show(room);
  following.show(room);
  const words = [pupilsWords(pupils.values())];
  if (room.waiting > 0)
    words.push(`${drawingsWords(room.waiting)} ${room.waiting === 1 ? "waits" : "wait"} for your word.`);
  setText(one(main, "#summary"), words.join(" "));
  setText(one(main, "#question"), room.prompt);
  accept.hidden = room.waiting === 0;
  setText(accept, `Accept all ${room.waiting}`);
  leading.showReady(countsByStatus(drawings.values()).ready, false);
  drawingList.show(drawings, ({ pupil }) => pupils.get(pupil ?? 0)?.name ?? "");
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const { pupil = 0 } of drawings.values()) counts.set(pupil, (counts.get(pupil) ?? 0) + 1);
  pupilList.show(pupils, counts);
}

async function readDays() {
  try {
    /** @type {{code: string, forgotten_at: string}[]} */
    const rooms = await request("admin/rooms");
    const own = rooms.find((one) => one.code === code);
    if (own) setText(one(main, "#days"), daysWords(own.forgotten_at, Date.now()));
  } catch {
    // The page says the days from the start.
  }
}
