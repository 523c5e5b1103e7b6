/** The recipes with which a class trains: each ends within about a minute. */

import { post } from "../../page/api.js";
import { call } from "../admin-calls.js";
import { learnsFrom } from "./projector-words.js";

const SMALL = { preset: "quick", hidden: [16, 16] };
// An epoch takes a second or two, so that a class sees how the curves grow.
const RACE = { ...SMALL, epochs: 10, pace: 1 };
const LIVE = { ...SMALL, epochs: 20, pace: 2 };
// A class draws hundreds, not MNIST's tens of thousands.
const FEW = { batch_size: 8 };

/**
 * Three recipes that are measured on the same pupils. What may be refused for want of drawings comes first; the phones
 * show the last.
 *
 * @param {string} code of the room
 */
export function threeRecipes(code) {
  const own = `room-${code}`;
  return [
    { ...RACE, ...FEW, dataset: own, measured_on: own },
    { ...RACE, dataset: "mnist", measured_on: own },
    { ...RACE, dataset: "mnist", also: own, measured_on: own },
  ];
}

/**
 * @param {string} code
 * @param {boolean} isOwn whether on the class's drawings, not MNIST
 */
export function liveRecipe(code, isOwn) {
  return isOwn ? { ...LIVE, ...FEW, dataset: `room-${code}` } : { ...LIVE, dataset: "mnist" };
}

/**
 * Starts runs one after the other. If one is refused, those before it are stopped. Their names are for everybody, so the
 * room's code is in none.
 *
 * @param {{dataset: string, also?: string}[]} recipes
 * @returns {Promise<number[]>} their numbers
 * @throws {import("../../page/api.js").Problem | import("../../page/api.js").Unreachable}
 */
export async function startRuns(recipes) {
  /** @type {number[]} */
  const runs = [];
  try {
    for (const recipe of recipes) {
      const { id } = await post("admin/runs?queue=true", recipe);
      runs.push(id);
      await call("PATCH", `admin/runs/${id}`, { name: learnsFrom(recipe) });
    }
  } catch (error) {
    await stopRuns(runs).catch(() => {}); // the first error says what is wrong
    throw error;
  }
  return runs;
}

/** @param {number[]} runs */
export function stopRuns(runs) {
  return Promise.all(runs.map((id) => post(`admin/runs/${id}/stop`)));
}
