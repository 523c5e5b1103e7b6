/**
 * Follows a room's changes while the page is visible: each tells what things are like now, and the room's number for it
 * says where to go on after a cut. One stream a page, since a browser allows six to a server.
 *
 * EventSource reconnects by itself after a broken connection. It gives up for good when the answer is an error, and
 * doesn't say which: of a proxy whose server is away, of a room that was forgotten, or for one who is signed out. So an
 * ordinary request asks.
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
import { reached } from "./reached.js";

const FIRST_RETRY = 1_000;
const LAST_RETRY = 8_000;

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
  let failures = 0;
  let timer = 0;
  /** @type {EventSource | null} */
  let source = null;

  function connect() {
    close();
    if (hasEnded || document.hidden) return;
    source = new EventSource(last === 0 ? path : `${path}?after=${last}`);
    source.addEventListener("open", () => {
      failures = 0;
      reached();
      onConnection(true);
      onRunRestart?.();
    });
    source.addEventListener("error", reconnect);
    source.addEventListener("changes", receive);
    source.addEventListener("run", (event) => onRun?.(JSON.parse(event.data)));
    source.addEventListener("end", end);
  }

  /** @param {MessageEvent<string>} event */
  function receive({ data, lastEventId }) {
    last = Number(lastEventId);
    onChanges(JSON.parse(data));
  }

  function end() {
    hasEnded = true;
    close();
    onEnd();
  }

  async function reconnect() {
    const refused = source;
    onConnection(false);
    if (refused?.readyState !== EventSource.CLOSED) return;
    const status = await statusOf(asked);
    if (source !== refused) return;
    if (status === 404) return end();
    // Who comes back from signing in elsewhere makes the page visible, and it connects.
    if (status === 401 || status === 403) return onSignedOut?.(new Problem(401, ""));
    timer = setTimeout(connect, Math.min(LAST_RETRY, FIRST_RETRY * 2 ** failures));
    failures++;
  }

  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  addEventListener("online", () => source?.readyState !== EventSource.OPEN && connect());
  document.addEventListener("visibilitychange", connect);
  connect();
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
