/**
 * Which of a room's runs learns now. They learn one after the other, and the room's stream has the events of the last
 * one only, so the others are read, slowly: one question at a time.
 */

import { Problem, request, Unreachable } from "../../page/api.js";
import { poll } from "../../page/poll.js";

const PAUSE = 5_000;
const ENDED = ["finished", "stopped", "failed", "diverged"];

/** @param {(nth: number) => void} onNth the place of the one that learns, or will next; from 0 on */
export function followRace(onNth) {
  /** @type {number[]} */
  let runs = [];
  let nth = 0;

  const readNow = poll(async () => {
    const asked = runs;
    if (nth >= asked.length - 1) return PAUSE; // the stream tells of the last one
    try {
      const { status } = await request(`runs/${asked[nth]}`);
      if (asked !== runs) return 0;
      if (!ENDED.includes(status)) return PAUSE;
    } catch (error) {
      if (error instanceof Problem || error instanceof Unreachable) return PAUSE;
      throw error;
    }
    nth++;
    onNth(nth);
    return 0;
  });

  return {
    /** @param {number[]} next the runs to follow, none while nobody watches them */
    watch(next) {
      if (next.join() === runs.join()) return;
      runs = next;
      nth = 0;
      onNth(0);
      readNow();
    },
  };
}
