/**
 * Reads the room's runs while the class watches them. The room's stream has the events of the last one only, and a
 * browser allows few streams: the others are read slowly.
 *
 * @import {Point} from "../../charts/line-chart.js"
 * @import {Run} from "./projector-words.js"
 * @typedef {{run: Run, points: Point[], last: number, known: string}} Followed points: its accuracy after each epoch on
 *   pupils whom it has never met
 */

import { request } from "../../page/api.js";
import { poll } from "../../page/poll.js";

const WHILE_ACTIVE = 1_500;
const WHILE_IDLE = 15_000;
export const ENDED = ["finished", "stopped", "failed", "diverged"];

/** @param {(followed: Followed[], error: unknown) => void} onRead `error`: null, or of `request` */
export function readRuns(onRead) {
  /** @type {number[]} */
  let ids = [];
  /** @type {Map<number, Followed>} */
  const known = new Map();

  /** @param {number} id */
  async function read(id) {
    /** @type {Run & {step: number, ended_at: string | null}} */
    const run = await request(`runs/${id}`);
    const followed = known.get(id) ?? { run, points: [], last: 0, known: "" };
    known.set(id, followed);
    followed.run = run;
    const now = [run.status, run.step, run.ended_at].join();
    if (ids.length > 1 && now !== followed.known) await readEvents(followed);
    followed.known = now;
    return followed;
  }

  const readNow = poll(async () => {
    const wanted = ids;
    if (wanted.length === 0) return WHILE_IDLE;
    try {
      const followed = await Promise.all(wanted.map(read));
      if (wanted !== ids) return 0;
      onRead(followed, null);
      return followed.every(({ run }) => ENDED.includes(run.status)) ? WHILE_IDLE : WHILE_ACTIVE;
    } catch (error) {
      onRead([], error);
      return WHILE_ACTIVE;
    }
  });

  return {
    /** @param {number[]} next the runs to read; none while nobody watches them */
    watch(next) {
      if (next.join() === ids.join()) return;
      ids = next;
      readNow();
    },
  };
}

/** @param {Followed} followed */
async function readEvents(followed) {
  const path = `runs/${followed.run.id}/events.jsonl?after=${followed.last}`;
  /** @type {string} */
  const lines = await request(path, { read: (answer) => answer.text() });
  for (const line of lines.split("\n").filter(Boolean)) {
    const { id, event, data } = JSON.parse(line);
    if (event === "end") continue; // when the run is resumed, another event takes its number
    followed.last = id;
    if (event !== "epoch" || typeof data.measured_accuracy !== "number") continue;
    followed.points = followed.points.filter(({ x }) => x < data.epoch);
    followed.points.push({ x: data.epoch, y: data.measured_accuracy });
  }
}
