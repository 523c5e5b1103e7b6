/** The settings that the address names for the form: those of a run (/runs?like=12), or those of a recipe's link. */

import { Problem, request } from "../../page/api.js";
import { settingsOf } from "../recipe-link.js";

/**
 * @import {Unreachable} from "../../page/api.js"
 * @import {Settings} from "../types.js"
 */

/**
 * @param {string} search of the address
 * @param {Settings} defaults
 * @returns {Promise<{title: string, settings: Settings} | null>} null when it names none
 * @throws {Problem | Unreachable}
 */
export async function sourceOf(search, defaults) {
  const like = new URLSearchParams(search).get("like");
  if (like === null) {
    const settings = settingsOf(search, defaults);
    return settings && { title: "the link", settings };
  }
  if (!/^\d{1,15}$/.test(like)) throw new Problem(404, `There is no run “${like}”: runs have numbers.`);
  const { id, settings } = await request(`runs/${like}`);
  return { title: `run ${id}`, settings: { ...defaults, ...settings } };
}
