/** The page of a pupil: joins the room, draws what it asks for, and watches its run. */

import { mountAnnouncer } from "../../page/announcer.js";
import { one } from "../../page/elements.js";
import { mountLookUp } from "../../page/look-up.js";
import { part } from "../../page/part.js";
import { followRoom } from "../../page/room-stream.js";
import { keptInTab, newToken } from "../../page/tab.js";
import { setText } from "../../page/text.js";
import { mountGamePhone } from "../game/game-phone.js";
import { mountAnswerCard } from "./answer-card.js";
import { mountBoard } from "./board.js";
import { mountMembership } from "./membership.js";
import { countsOf, nextDigit } from "./next-digit.js";
import { Outbox } from "./outbox.js";
import { mountOutside } from "./outside.js";
import { mountOwnDrawings } from "./own-drawings.js";
import { collectWords, sendingWords } from "./pupil-words.js";
import { roomCalls } from "./room-calls.js";
import { mountToLesson } from "./to-lesson.js";
import { mountWatch } from "./watch.js";

/** @import {OwnDrawing} from "./own-drawings.js" */

const main = one(document, "main");
const inside = part(main, "inside");
const toTest = part(document, "to-test");
const header = one(document, ".pupil-header");
const code = String(main.dataset.code);
const sureFrom = Number(main.dataset.sureFrom);
/** @type {Pick<import("../../page/room-stream.js").RoomState, "activity" | "prompt" | "digit" | "frozen" | "follow" | "runs" | "round">} */
let room = JSON.parse(String(main.dataset.room));
/** @type {Map<number, OwnDrawing>} by their ids, oldest first */
const own = new Map();
/** @type {Map<number, string>} where each drawing of the room was last said to be */
const places = new Map();
/** Whose drawings these are: 0 before they were read. */
let owner = 0;
let collected = { round: 0, digit: 0 };
let isTestOpen = false;
let isReading = false;
let shouldRead = false;

const say = mountAnnouncer(part(main, "status"), 500);
const membership = mountMembership(code, { onInside, onOutside });
const calls = roomCalls(code, () => membership.me.key);
const outside = mountOutside(main, {
  again: (reason) => (reason === "lost" ? membership.joinAsNew(calls.join) : membership.enter(calls.join)),
  rejoin,
});
const lookUp = mountLookUp(one(document, "#look-up", HTMLDialogElement));
const game = mountGamePhone(main, { me: () => membership.me, say, onProblem: membership.putOut });
const toLesson = mountToLesson(code, part(main, "to-lesson"));
const card = mountAnswerCard(part(main, "answer"), sureFrom);
const strip = mountOwnDrawings(part(main, "own"), part(main, "own-section"));
const watch = mountWatch(part(main, "watch"), { sureFrom, answers: calls.answers, say });
const board = mountBoard(part(main, "board"), {
  limits: JSON.parse(String(main.dataset.limits)),
  kept: keptInTab(`room-${code}-sheet`),
  say,
  onSend(strokes, label) {
    outbox.add({ token: newToken(), round: room.round, label, strokes });
    showOwn();
  },
});
const outbox = new Outbox(calls.draw, keptInTab(`room-${code}-outbox`), {
  onAnswer(drawing, answer) {
    const status = answer.confidence < sureFrom ? "waiting" : "kept";
    const answered = { ...drawing, ...answer, status };
    own.set(answer.id, { ...answered, token: undefined });
    showOwn();
    const spoken = card.answered(answered);
    say(room.activity === "collect" ? `${spoken} ${titleOf()}` : spoken);
  },
  onRefused(drawing, { detail }) {
    card.refused(drawing.strokes, detail);
    say(detail);
    showOwn();
  },
  onStopped: readOwn,
  onState(state, error) {
    const last = outbox.drawings.at(-1);
    if (!last || state === "stopped") return;
    const words = sendingWords(outbox.drawings.length, state, error);
    card.pending(last.strokes, words);
    if (state !== "sending") say(words);
  },
});

function onInside() {
  outside.hide();
  inside.hidden = false;
  header.classList.add("is-inside");
  show();
  readOwn();
  outbox.retry();
}

/** @param {string} reason @param {string} detail */
function onOutside(reason, detail) {
  inside.hidden = true;
  toTest.hidden = true;
  header.classList.remove("is-inside");
  lookUp(false);
  outside.show(reason, detail);
}

/** @param {string} rejoinCode */
async function rejoin(rejoinCode) {
  membership.take(await calls.rejoin(rejoinCode));
  onInside();
}

/** Reads the pupil's name and drawings, and whether they are in the room still. One reading at a time. */
async function readOwn() {
  shouldRead = true;
  if (isReading) return;
  isReading = true;
  while (shouldRead) {
    shouldRead = false;
    const { key } = membership.me;
    try {
      const found = await calls.own();
      if (key === membership.me.key) takeOwn(found);
    } catch (error) {
      // Where nothing came, the next change or connection tries again.
      if (key === membership.me.key) membership.putOut(error);
    }
  }
  isReading = false;
}

/** @param {{pupil: number, name: string, drawings: (OwnDrawing & {id: number})[]}} found */
function takeOwn({ pupil, name, drawings }) {
  membership.take({ name });
  if (pupil !== owner && own.size > 0) {
    own.clear();
    shouldRead = true; // one of these may be the new pupil's, answered after this was read
  }
  owner = pupil;
  for (const drawing of drawings) own.set(drawing.id, drawing);
  if (inside.hidden) onInside();
  else show();
}

function isCollecting() {
  return room.activity === "collect" && owner !== 0; // before the pupil's drawings are known, no digit can be chosen
}

/** Asks for the digit of the room, or the one that the pupil has drawn least. */
function ask() {
  if (isCollecting()) {
    // What is being drawn was asked for already.
    if (board.isBlank || collected.round !== room.round) {
      collected = { round: room.round, digit: nextDigit(countsOf(allOwn()), owner) };
    }
    board.ask(collected.digit);
  } else if (room.activity === "draw") board.ask(room.digit);
  setText(part(inside, "title"), titleOf());
}

function titleOf() {
  return isCollecting() ? collectWords(collected.digit, countsOf(allOwn())) : room.prompt;
}

function allOwn() {
  return [...own.values(), ...outbox.drawings];
}

function show() {
  if (inside.hidden) return;
  const { activity, prompt, frozen, runs } = room;
  setText(one(document, "#pupil-name"), membership.me.name);
  inside.dataset.activity = activity;
  inside.classList.toggle("asks-for-any", activity === "draw" && room.digit === null);
  setText(part(main, "prompt"), activity === "collect" ? prompt : "");
  part(main, "drawing").hidden = activity === "watch";
  part(main, "balance").hidden = activity !== "collect";
  watch.show(activity === "watch", runs);
  if (frozen) board.lift();
  lookUp(frozen);
  toLesson(room.follow);
  toTest.hidden = !isTestOpen;
  showOwn();
}

function showOwn() {
  const drawings = allOwn();
  strip.show(drawings);
  watch.showDrawn([...own.values()].filter(({ status }) => status !== "removed").at(-1));
  if (!inside.hidden) ask();
  countsOf(drawings).forEach((count, digit) => {
    const item = one(main, `[data-balance="${digit}"]`);
    setText(part(item, "count"), String(count));
    item.classList.toggle("is-asked", isCollecting() && digit === collected.digit);
  });
}

followRoom(calls.events, [`rooms/${code}`], {
  onChanges(changes) {
    const { room: changed, quiz, pupils, drawings } = changes;
    const before = room;
    game.take(changes);
    if (changed) room = changed;
    if (quiz) isTestOpen = quiz.open !== null;
    show();
    if (room.round !== before.round && !inside.hidden) say(`New: ${titleOf()}`);
    const me = pupils.find(({ pupil }) => pupil === membership.me.pupil);
    if (me && (me.gone || inside.hidden || (me.name ?? membership.me.name) !== membership.me.name)) readOwn();
    if (drawings.filter(hasMoved).some(({ id }) => own.has(id))) readOwn();
  },
  onRun: watch.take,
  onRunRestart: watch.restart,
  onEnd: () => onOutside("over", ""),
  onConnection(isConnected) {
    const line = one(document, "#connection");
    line.dataset.state = isConnected ? "connected" : "lost";
    setText(line, isConnected ? "connected" : "no connection, trying again");
    if (isConnected) outbox.retryUnreachable();
    if (!inside.hidden) readOwn(); // the room may have been forgotten, or the pupil renamed
  },
});

/** @param {import("../../page/room-stream.js").WallDrawing} drawing */
function hasMoved({ id, place }) {
  const before = places.get(id);
  places.set(id, place);
  return before !== undefined && before !== place;
}

addEventListener("online", () => outbox.retryUnreachable());
membership.enter(calls.join);
