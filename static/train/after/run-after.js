/** What a run has come to: waits for its end, and fills each section when it is opened. */

import { request } from "../../page/api.js";
import { mountFetchedPart } from "../../page/fetched-part.js";
import { poll } from "../../page/poll.js";
import { mountCalibration } from "./run-after-calibration.js";
import { mountConfusion } from "./run-after-confusion.js";
import { mountRunImages } from "./run-after-images.js";
import { mountRecipe } from "./run-after-recipe.js";
import { wrongWords } from "./run-after-words.js";

// Whoever shows the run tells its end at once; this is for what nobody tells, such as that it was resumed.
const LOOK_AGAIN = 60_000;
const HAVE_NETWORK = ["finished", "stopped", "diverged"];

const main = document.getElementById("main");
const section = document.getElementById("run-after");
const path = `runs/${main.dataset.run}`;
const part = (name) => section.querySelector(`[data-part=${name}]`);
const defaults = JSON.parse(document.getElementById("run-defaults").textContent);

const confusion = mountConfusion(part("confusion"), `${path}/results`);
const mistakes = mountRunImages(part("mistakes"));
const calibration = mountCalibration(part("calibration"));
const recipe = mountRecipe(part("recipe"), path, defaults);

/** @type {Promise<any> | null} one answer for all sections */
let results = null;
/** Of which end of the run the sections tell; "" while it has none. */
let end = "";

const sections = [
  lazy("confusion", (found) => confusion.show(found)),
  lazy("mistakes", (found) => {
    part("wrong").textContent = wrongWords(found);
    mistakes.show(found.mistakes, found.classes);
  }),
  lazy("calibration", (found) => calibration.show(found)),
];

/**
 * A section that is filled once it is open and the run has ended.
 *
 * @param {string} name
 * @param {(results: any) => void} show
 */
function lazy(name, show) {
  const details = part(name).closest("details");
  const fetched = mountFetchedPart(part(name), show);
  function fill() {
    if (details.open && end !== "") fetched.want(end, fetchResults);
  }
  details.addEventListener("toggle", fill);
  return fill;
}

/** Not ended with the section that asked first: the others wait for the same. */
function fetchResults() {
  results ??= request(`${path}/results`).catch((error) => {
    results = null;
    throw error;
  });
  return results;
}

function show(run) {
  const hasEnded = run.ended_at !== null;
  const hasNetwork = hasEnded && HAVE_NETWORK.includes(run.status);
  part("wait").hidden = hasNetwork;
  part("wait").textContent = hasEnded
    ? "This run left no network to look at. The administrator can resume it."
    : "Once the run has ended, what its network gets right and wrong is here.";
  part("sections").hidden = !hasNetwork;
  part("weights").hidden = !hasNetwork;
  part("recipe").hidden = !hasEnded;
  const newest = hasNetwork ? run.ended_at : "";
  if (newest !== end) {
    [end, results] = [newest, null];
    for (const fill of sections) fill();
  }
  if (hasEnded) recipe.show(run.ended_at);
}

/** @type {AbortController | null} */
let flight = null;

/** What is asked last is newest, so an answer that is still on its way is not waited for. */
async function look() {
  flight?.abort();
  const { signal } = (flight = new AbortController());
  try {
    show(await request(path, { signal }));
  } catch {
    // Whoever shows the run says so; here it is simply tried again.
  }
  return LOOK_AGAIN;
}

document.addEventListener("run-ended", look);
poll(look);
