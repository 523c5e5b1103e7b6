/** The test before and after the lessons: one question at a time, on one's own or in a room. */

import { sentenceOf } from "../../page/api.js";
import { confirmed } from "../../page/confirm.js";
import { all, one } from "../../page/elements.js";
import { sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { device } from "./device.js";
import { testRoom } from "./test-room.js";
import { checkedRecord, finished, formOf, marksOf, newRecord, roundOf, withAnswer } from "./test-state.js";
import { gainWords, keptWords, markWords, roomWords, startWords } from "./test-words.js";

// Milliseconds until a waiting page asks again whether the teacher has opened the test.
const PATIENCE = 5_000;

const main = one(document, "#main");
/** @type {import("./test-state.js").Right} */
const right = JSON.parse(String(main.dataset.right));
const count = right.a.length;
const room = main.dataset.room ? testRoom(main.dataset.room) : null;
const kept = room ? room.kept : device;
const problem = part(main, "problem");

/** @type {import("./test-room.js").Asked | null} */
let asked = null;
let record = checkedRecord(kept.read(), count) ?? newRecord(Math.random() < 0.5 ? "a" : "b");
/** @type {import("./test-state.js").Round} */
let round = roundOf(record);
/** The question on the screen, counted from 0; `count` once all have answers. */
let place = 0;

/** @param {string} name @param {boolean} [isMove] by a tap, so that the focus goes along */
function show(name, isMove = true) {
  for (const screen of all(main, "[data-screen]")) screen.hidden = screen.dataset.screen !== name;
  part(main, "foot").hidden = !(room || record.before.answers.length > 0);
  part(main, "delete").hidden = Boolean(room) || !["start", "result"].includes(name);
  if (!isMove) return;
  one(main, `[data-screen="${name}"] [tabindex="-1"]`).focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** @param {boolean} [isMove] */
function showStart(isMove) {
  const { lead, state, start } = room ? roomWords(asked, record, count) : startWords(record, round, count);
  setText(part(main, "lead"), lead);
  setText(part(main, "state"), state);
  setText(part(main, "start"), start);
  part(main, "start").hidden = start === "";
  one(main, ".quiz-about").hidden = start === "";
  // Between the tests the lessons come first.
  const isBetween = !room && round === "after";
  part(main, "lessons").hidden = !isBetween;
  part(main, "start").classList.toggle("main-button", !isBetween);
  setText(part(main, "kept"), keptWords(Boolean(room), device.keeps));
  show("start", isMove);
}

/** @param {boolean} [isMove] */
function showResult(isMove) {
  const [before, after] = [marksOf(record, "before", right), marksOf(record, "after", right)];
  setText(part(main, "gain"), gainWords(before, after));
  all(main, ".quiz-result tbody tr").forEach((row, i) => {
    setText(part(row, "before"), markWords(before?.[i]));
    setText(part(row, "after"), markWords(after?.[i]));
  });
  const form = formOf(record, "after");
  const wrong = new Set(after?.flatMap((isRight, i) => (isRight ? [] : [`${form}${i}`])));
  for (const why of all(main, "[data-why]")) why.hidden = !wrong.has(why.dataset.why ?? "");
  part(main, "wrong-answers").hidden = wrong.size === 0;
  show("result", isMove);
}

function showPlace() {
  if (place === count) return show("check");
  const name = `${formOf(record, round)}${place}`;
  const answer = record[round].answers[place];
  for (const button of all(main, `[data-screen="${name}"] [data-option]`)) {
    button.ariaPressed = String(answer !== undefined && optionOf(button) === answer);
  }
  show(name);
}

/** The first screen for where this pupil or reader is. @param {boolean} [isMove] */
function showNow(isMove) {
  if (record.after.done) showResult(isMove);
  else showStart(isMove);
}

/** @param {HTMLElement} button */
function optionOf({ dataset }) {
  return dataset.option === "" ? null : Number(dataset.option);
}

/** @param {typeof record} changed */
function keep(changed) {
  record = changed;
  kept.write(record);
}

part(main, "start").addEventListener("click", () => {
  place = record[round].answers.length;
  showPlace();
});
for (const button of all(main, "[data-option]")) {
  button.addEventListener("click", ({ detail }) => {
    if (detail > 1) return; // the second tap of a double tap is on the next question
    keep(withAnswer(record, round, place, optionOf(button)));
    place++;
    showPlace();
  });
}
for (const button of all(main, '[data-action="back"]')) {
  button.addEventListener("click", () => {
    place--;
    if (place >= 0) showPlace();
    else showNow();
  });
}
part(main, "finish").addEventListener("click", async () => {
  sayProblem(problem, "");
  try {
    await room?.send(round, record[round].answers);
  } catch (error) {
    return sayProblem(problem, sentenceOf(error));
  }
  keep(finished(record, round));
  asked?.sent.push(round);
  if (!room) round = roundOf(record);
  showNow();
});
part(main, "delete").addEventListener("click", async () => {
  const { before, after } = record;
  const both = before.done && after.answers.length > 0;
  setText(
    part(main, "deletes"),
    `This deletes your answers ${both ? "before and after" : "before"} the lessons from this device. You can then begin again.`,
  );
  if (!(await confirmed(one(main, "#delete-dialog", HTMLDialogElement)))) return;
  device.forget();
  record = newRecord(Math.random() < 0.5 ? "a" : "b");
  round = "before";
  showNow();
});

/** Another tab, or a page that the browser kept while this one was left, may have gone on or deleted the answers. */
function readAgain() {
  record = checkedRecord(kept.read(), count) ?? newRecord(record.first);
  round = roundOf(record);
  enter();
}
addEventListener("storage", ({ key }) => !room && device.isChanged(key) && readAgain());
addEventListener("pageshow", ({ persisted }) => persisted && readAgain());

async function enter() {
  if (room?.isMember) {
    try {
      asked = await room.ask();
      if (record.first !== asked.first) record = newRecord(asked.first); // the room says which form is first
      round = asked.round ?? round;
    } catch (error) {
      sayProblem(part(main, "refused"), sentenceOf(error));
    }
  }
  showNow(false);
  if (asked?.round === null) setTimeout(enter, PATIENCE);
}

enter();
