/** The results of a run: waits for its end, and fills each section when it is opened. */

import { request } from "../../page/api.js";
import { all, one } from "../../page/elements.js";
import { mountFetchedPart } from "../../page/fetched-part.js";
import { part } from "../../page/part.js";
import { poll } from "../../page/poll.js";
import { mountCalibration } from "./run-after-calibration.js";
import { mountConfusion } from "./run-after-confusion.js";
import { mountRunImages } from "./run-after-images.js";
import { mountRecipe } from "./run-after-recipe.js";
import { wrongWords } from "./run-after-words.js";

/**
 * @import {Run} from "../types.js"
 * @import {Results} from "./run-after-words.js"
 */

// run.js says at once when the run ends; this is for other changes, such as that it was resumed.
const LOOK_AGAIN = 60_000;

const section = one(document, "#run-after");
const { run: id, publishable } = one(document, "#main").dataset;
const path = `runs/${id}`;

const confusion = mountConfusion(part(section, "confusion"), `${path}/results`);
const mistakes = mountRunImages(part(section, "mistakes"));
const calibration = mountCalibration(part(section, "calibration"));
const recipe = mountRecipe(
  part(section, "recipe"),
  path,
  JSON.parse(one(document, "#run-defaults", HTMLScriptElement).text),
);

/** @type {Promise<Results> | null} one answer for all sections */
let results = null;
/** When the run ended, "" if it has not; the sections are about that end. */
let end = "";

const sections = [
  lazy("confusion", (found) => confusion.show(found)),
  lazy("mistakes", (found) => {
    part(section, "wrong").textContent = wrongWords(found);
    mistakes.show(found.mistakes, found.classes);
  }),
  lazy("calibration", (found) => calibration.show(found)),
];

/**
 * A section that is filled once it is open and the run has ended.
 *
 * @param {string} name
 * @param {(results: Results) => void} show
 */
function lazy(name, show) {
  const details = part(section, name).closest("details");
  const fetched = mountFetchedPart(part(section, name), show);
  function fill() {
    if (details?.open && end !== "") fetched.want(end, fetchResults);
  }
  details?.addEventListener("toggle", fill);
  return fill;
}

/**
 * Ignores the signal of the section that asks, since the other sections wait for the same answer.
 *
 * @returns {Promise<Results>}
 */
function fetchResults() {
  results ??= request(`${path}/results`).catch((error) => {
    results = null;
    throw error;
  });
  return /** @type {Promise<Results>} */ (results);
}

/** @param {Run} run */
function show(run) {
  const endedAt = run.ended_at ?? "";
  const hasNetwork = endedAt !== "" && publishable?.split(" ").includes(run.status) === true;
  part(section, "wait").hidden = hasNetwork;
  part(section, "wait").textContent = endedAt
    ? "This run left no network to look at. The admin can resume it."
    : "When the run has ended, you see here what its network gets right and wrong.";
  part(section, "sections").hidden = !hasNetwork;
  for (const item of all(section, "[data-of-network]")) item.hidden = !hasNetwork;
  part(section, "recipe").hidden = !endedAt;
  const newest = hasNetwork ? endedAt : "";
  if (newest !== end) {
    [end, results] = [newest, null];
    for (const fill of sections) fill();
  }
  if (endedAt) recipe.show(endedAt);
}

/** @type {AbortController | null} */
let flight = null;

/** Drops an earlier request that is still on its way: the newest answer counts. */
async function look() {
  flight?.abort();
  flight = new AbortController();
  const { signal } = flight;
  try {
    show(await request(path, { signal }));
  } catch {
    // run.js shows the error; here it is tried again later.
  }
  return LOOK_AGAIN;
}

document.addEventListener("run-ended", look);
poll(look);
