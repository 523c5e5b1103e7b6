/** What the address asks the form to start from: /runs?like=12, or the settings of a recipe's link. */

import { Problem, request } from "../../page/api.js";
import { settingsOf } from "../recipe-link.js";

/**
 * @param {string} search of the address
 * @param {import("./run-form-settings.js").Settings} defaults
 * @returns {Promise<{title: string, settings: import("./run-form-settings.js").Settings} | null>} null when it asks for
 *   nothing
 * @throws {Problem | import("../../page/api.js").Unreachable}
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
