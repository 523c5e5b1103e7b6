/**
 * What the projector says of the drawings, of the next step, and of three networks.
 *
 * @import {Point} from "../../charts/line-chart.js"
 * @import {Quiz, RoomState} from "../../page/room-stream.js"
 * @import {countsOf} from "./wall-order.js"
 * @typedef {{id: number, status: string, place: number | null, epoch?: number,
 *   settings: {dataset: string, also?: string | null, epochs?: number}}} Run
 */

import { percent, whole } from "../../page/format.js";
import { drawings } from "../room-words.js";

/**
 * The class's score, with what it leaves out.
 *
 * @param {ReturnType<typeof countsOf>} counts
 * @param {number | null} accuracy of the room's network on MNIST's test images
 */
export function resultWords({ up, down, waits, away, right, labelled }, accuracy) {
  const unlabelled = labelled === 0 ? 0 : up - labelled;
  const left = [
    waits > 0 && `${whole(waits)} unsure ${waits === 1 ? "waits" : "wait"}`,
    unlabelled > 0 && `${whole(unlabelled)} without a label`,
    away > 0 && `${whole(away)} not shown`,
  ].filter(Boolean);
  if (up === 0) {
    const parts = [down > 0 && `${drawings(down)}, face down`, ...left].filter(Boolean);
    return parts.length === 0 ? "" : `${parts.join(", ")}.`;
  }
  const more = down === 0 ? "" : ` ${whole(down)} more face down.`;
  if (labelled === 0) return `${[drawings(up), ...left].join(", ")}.${more}`;
  const share = `${Math.round((100 * right) / labelled)}%`;
  const read = [`${whole(right)} of ${whole(labelled)} read right (${share})`, ...left].join(", ");
  if (accuracy === null) return `${read}.${more}`;
  return `${read}; on MNIST's test images it reads ${(100 * accuracy).toFixed(1)}%.${more}`;
}

/**
 * The test of the lessons, while it is open.
 *
 * @param {Quiz | null} quiz null before it was opened for the first time
 * @param {number} pupils that are in, but no simulated ones
 */
export function testWords(quiz, pupils) {
  if (!quiz?.open) return "";
  const finished = quiz[quiz.open];
  // Who has finished and was removed is counted still.
  return `Test open: ${whole(finished)} of ${whole(Math.max(pupils, finished))} finished.`;
}

/**
 * The one next step in an activity.
 *
 * @param {RoomState} room
 * @param {{pupils: number, ready: number, up: number, runs: string[]}} now `ready`: those that can be turned up; `runs`:
 *   the status of each of the room's runs
 */
export function nextWords(room, { pupils, ready, up, runs }) {
  if (pupils === 0) return "Next: pupils join with the code. To try it alone, add five simulated pupils.";
  const wait = room.waiting === 1 ? "waits" : "wait";
  const waiting = room.waiting === 0 ? "" : ` ${drawings(room.waiting)} ${wait} for your word on the control page.`;
  if (room.activity === "draw") {
    if (ready > 0) return `Next: let the class guess, then reveal.${waiting}`;
    if (up > 0) return `Next: talk about the wrong ones, or ask for another digit.${waiting}`;
    return `Next: choose a digit. The drawings arrive here face down.${waiting}`;
  }
  if (room.activity === "collect") {
    const count = room.by_digit.reduce((sum, one) => sum + one, 0);
    if (count === 0) return `Next: everybody draws each digit once or twice.${waiting}`;
    const least = Math.min(...room.by_digit);
    const isEven = Math.max(...room.by_digit) < 2 * least;
    const more = isEven ? "" : `more of the digit ${room.by_digit.indexOf(least)}, or `;
    return `Next: ${more}train three networks.${waiting}`;
  }
  if (runs.length > 1) return raceWords(runs);
  const run = runs[0] ?? "";
  if (run === "") return "Next: start. The cost falls while it learns, here and on the phones.";
  if (["queued", "starting"].includes(run)) return "Next: wait. It starts in a moment.";
  if (["running", "stopping", "paused"].includes(run)) return "Next: watch the curve, and what the phones say.";
  return "Next: draw again, or start another one.";
}

const NTH = ["first", "second", "third"];

/**
 * How far networks are that are trained one after the other.
 *
 * @param {string[]} runs the status of each
 */
function raceWords(runs) {
  const trained = runs.filter((run) => run === "finished").length;
  const early = runs.filter((run) => EARLY.includes(run)).length;
  if (trained + early === runs.length) {
    if (early === 0) return "Next: compare them with your guesses.";
    return `Next: draw again, or train them again. ${whole(early)} of ${whole(runs.length)} did not learn to the end.`;
  }
  const at = runs.findIndex((run) => ["starting", "running", "stopping", "paused"].includes(run));
  const begun = at < 0 ? "The next one waits to start." : `The ${NTH[at]} has begun.`;
  if (trained === 0) return `Next: guess. ${begun}`;
  return `Next: watch. ${whole(trained)} of ${whole(runs.length)} ${trained === 1 ? "is" : "are"} trained. ${begun}`;
}

/**
 * What a run learns from, for a class. Only the admin sees the code in the name of a room's data set.
 *
 * @param {Run["settings"]} settings
 */
export function learnsFrom({ dataset, also }) {
  if (dataset === "room" || dataset.startsWith("room-")) return "The class's own drawings";
  if (also) return "MNIST with the class's";
  return "MNIST alone";
}

// What such a run reads is no result: it did not learn to the end.
const EARLY = ["stopped", "failed", "diverged"];

/**
 * @param {Run} run
 * @param {Point[]} points of its accuracy on pupils whom it has never met
 * @param {number | null} count of those pupils' drawings, null where it isn't known
 */
export function lastWords({ status, place, settings }, points, count) {
  const last = points.at(-1);
  const of = count === null ? "" : ` of ${drawings(count)} by pupils it never learned from`;
  const reads = last && last.y !== null ? `reads ${percentOf(last.y)}${of}` : "";
  if (EARLY.includes(status)) {
    const at = last && settings.epochs ? ` at epoch ${last.x} of ${settings.epochs}` : "";
    return [`${status}${at}`, reads].filter(Boolean).join(", ");
  }
  if (reads) return reads;
  if (status === "queued") return place === 1 ? "starts next" : "waits";
  return ["starting", "running"].includes(status) ? "has begun" : status;
}

/** @param {string} refusal whose first word may be the field of the API that it is about */
export function withoutField(refusal) {
  return refusal.replace(/^[a-z_]+: /, "");
}

/** @param {number} share of some drawings, which may be all or none */
export function percentOf(share) {
  return share === 1 ? "100%" : percent(share);
}
