/** The recipe of a run as a link, to be copied: whoever opens it has the form filled in. */

import { request } from "../../page/api.js";
import { mountFetchedPart } from "../../page/fetched-part.js";
import { linkOf } from "../recipe-link.js";

/**
 * @param {HTMLElement} part
 * @param {string} path of the run
 * @param {import("../recipe-link.js").Settings} defaults
 */
export function mountRecipe(part, path, defaults) {
  const field = part.querySelector("input");
  const copy = part.querySelector("[data-part=copy]");
  const said = part.querySelector("[data-part=said]");
  const needs = part.querySelector("[data-part=needs]");

  const fetched = mountFetchedPart(part, (recipe) => {
    field.value = new URL(linkOf(recipe.settings, defaults), document.baseURI).href;
    copy.disabled = false;
    needs.textContent = needsWords(recipe);
  });

  copy.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Copied.";
    } catch {
      // Without HTTPS, or without leave, a page can't write there.
      said.textContent = "The link is selected: copy it with Ctrl C.";
    }
  });

  return {
    /** @param {string} key another whenever the run has gone on */
    show(key) {
      said.textContent = "";
      fetched.want(key, (signal) => request(`${path}/recipe`, { signal }));
    },
  };
}

function needsWords({ teacher, numpy, machine }) {
  const learns = teacher ? ` It learns from the network ${teacher.name}, version ${teacher.version ?? "unknown"}.` : "";
  return `Bit for bit on a machine like this one: NumPy ${numpy}, ${machine}.${learns}`;
}
