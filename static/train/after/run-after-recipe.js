/** The recipe of a run as a link to copy: opening it fills in the form. */

import { request } from "../../page/api.js";
import { copied } from "../../page/clipboard.js";
import { one } from "../../page/elements.js";
import { mountFetchedPart } from "../../page/fetched-part.js";
import { part } from "../../page/part.js";
import { linkOf } from "../recipe-link.js";

/**
 * @import {Settings} from "../types.js"
 * @typedef {{settings: Settings, teacher: {name: string, version: string | null} | null, numpy: string, machine: string}}
 *   Recipe
 */

/**
 * @param {HTMLElement} section
 * @param {string} path of the run
 * @param {Settings} defaults
 */
export function mountRecipe(section, path, defaults) {
  const field = one(section, "input", HTMLInputElement);
  const copy = part(section, "copy", HTMLButtonElement);
  const said = part(section, "said");

  /** @param {Recipe} recipe */
  function show(recipe) {
    field.value = new URL(linkOf(recipe.settings, defaults), document.baseURI).href;
    copy.disabled = false;
    part(section, "needs").textContent = needsWords(recipe);
  }
  const fetched = mountFetchedPart(section, show);

  copy.addEventListener("click", async () => {
    field.select();
    said.textContent = (await copied(field.value)) ? "Copied." : "The link is selected: copy it with Ctrl C.";
  });

  return {
    /** @param {string} key changes when the run was resumed */
    show(key) {
      said.textContent = "";
      fetched.want(key, (signal) => request(`${path}/recipe`, { signal }));
    },
  };
}

/** @param {Recipe} recipe */
function needsWords({ teacher, numpy, machine }) {
  const learns = teacher ? ` It learns from the network ${teacher.name}, version ${teacher.version ?? "unknown"}.` : "";
  return `Bit for bit on a machine like this one: NumPy ${numpy}, ${machine}.${learns}`;
}
