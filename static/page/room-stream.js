/**
 * Follows a room's changes while the page is visible: each tells what things are like now, and the room's number for it
 * says where to go on after a cut. One stream a page, since a browser allows six to a server.
 *
 * A refusal may be of a room that was forgotten, or for one who is signed out. So an ordinary request asks.
 *
 * @typedef {{pupil: number, name?: string | null, simulated?: boolean, gone?: boolean, rejoin?: string | null}} Pupil
 * @typedef {{id: number, round: number, place: "waits" | "down" | "up" | "away", pupil?: number, label?: number | null,
 *   digit?: number, confidence?: number, strokes?: number[][][], status?: string}} WallDrawing a drawing that is not
 *   "up" has its strokes and answer only in the teacher's stream, and its status too
 * @typedef {{code: string, activity: "draw" | "collect" | "watch", prompt: string, digit: number | null, round: number,
 *   locked: boolean, frozen: boolean, names: boolean, model: string, follow: string | null, runs: number[],
 *   by_digit: number[], waiting: number}} RoomState
 * @typedef {{open: "before" | "after" | null, before: number, after: number, both: number}} Quiz how many pupils have
 *   sent their answers
 * @typedef {{room?: RoomState, quiz?: Quiz, pupils: Pupil[], drawings: WallDrawing[]}} Changes
 * @typedef {{run: number, event: string, data: any}} RunEvent
 */

import { Problem, request } from "./api.js";
import { keepOpen } from "./event-stream.js";

/**
 * @param {string} path of the events
 * @param {string[]} asked paths of what is asked, in this order, after the stream was refused
 * @param {{
 *   onChanges: (changes: Changes) => void,
 *   onRun?: (event: RunEvent) => void,
 *   onRunRestart?: () => void,
 *   onEnd: () => void,
 *   onSignedOut?: (refused: Problem) => void,
 *   onConnection: (connected: boolean) => void,
 * }} listener `onRunRestart` comes before a run's events begin again, which they do with each connection
 */
export function followRoom(path, asked, { onChanges, onRun, onRunRestart, onEnd, onSignedOut, onConnection }) {
  let last = 0;
  let hasEnded = false;

  /** @param {MessageEvent<string>} event */
  function receive({ type, data, lastEventId }) {
    if (type === "end") return end();
    if (type === "run") return onRun?.(JSON.parse(data));
    last = Number(lastEventId);
    onChanges(JSON.parse(data));
  }

  function end() {
    hasEnded = true;
    stream.close();
    onEnd();
  }

  const stream = keepOpen(path, {
    types: ["changes", "run", "end"],
    onEvent: receive,
    last: () => last,
    hasEnded: () => hasEnded,
    onConnection(connected) {
      onConnection(connected);
      if (connected) onRunRestart?.();
    },
    askWhy: () => statusOf(asked),
    isFinal(status) {
      if (status === 404) end();
      // Who comes back from signing in elsewhere makes the page visible, and it connects.
      if (status === 401 || status === 403) onSignedOut?.(new Problem(401, ""));
      return hasEnded || status === 401 || status === 403;
    },
  });
}

/**
 * @param {string[]} paths
 * @returns {Promise<number>} the status of the first refusal, 0 where there is none
 */
async function statusOf(paths) {
  try {
    for (const path of paths) await request(path);
  } catch (error) {
    if (error instanceof Problem) return error.status;
  }
  return 0;
}
