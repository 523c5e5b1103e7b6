/** The strip with which a teacher leads a game: one button says what comes next, and the space bar presses it. */

import { confirmed } from "../../page/confirm.js";
import { one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { pictureOf } from "../tile.js";
import { nextStep, rateOf, rateWords, SIZES } from "./projector-steps.js";

/**
 * @import {WallDrawing} from "../../page/room-stream.js"
 * @import {Game} from "./game-state.js"
 * @import {Send} from "./projector-vote.js"
 */

const USUAL_RATE = 0.1;
// The last one is what a presenter's remote sends.
const GO_ON_KEYS = [" ", "ArrowRight", "PageDown"];
// Where a key has a meaning of its own.
const OWN_KEYS = "input, select, textarea, canvas, summary, dialog";
const PRESSED_BY_SPACE = "button, a";

/**
 * @param {HTMLElement} strip
 * @param {Send} send
 * @param {() => Promise<WallDrawing[]>} choices the drawings that can go in
 */
export function mountGameLead(strip, send, choices) {
  const [next, skip, run, again, choose] = ["next", "skip", "run", "again", "choose"].map((name) =>
    part(strip, name, HTMLButtonElement),
  );
  const dial = part(strip, "rate", HTMLInputElement);
  const rate = part(strip, "rate-words");
  const batch = part(strip, "batch", HTMLSelectElement);
  const start = one(document, "#game-start", HTMLFormElement);
  const toStart = one(document, "#to-game-start", HTMLButtonElement);
  const dialog = one(document, "#game-choose", HTMLDialogElement);
  /** @type {Game | null} */
  let game = null;
  let isBusy = false;
  let isTurning = false;

  toStart.addEventListener("click", () => {
    start.hidden = !start.hidden;
    toStart.setAttribute("aria-expanded", String(!start.hidden));
  });
  start.addEventListener("submit", (event) => {
    event.preventDefault();
    const how = new FormData(start);
    once(() => begin({ pace: how.get("pace"), eta: Number(how.get("eta")), batch: Number(how.get("batch")) }));
  });
  next.addEventListener("click", goOn);
  skip.addEventListener("click", () => once(() => send("POST", "/game/next")));
  run.addEventListener("click", () => once(() => send("PATCH", "/game", { pace: "run" })));
  again.addEventListener("click", () => letIn(game.digits[0]));
  choose.addEventListener("click", offer);
  part(strip, "deal").addEventListener("click", () => once(() => send("POST", "/game/deal")));
  part(strip, "stop").addEventListener("click", async () => {
    const isSure = game.step === 0 || (await confirmed(one(document, "#game-stop", HTMLDialogElement)));
    if (isSure) once(() => send("DELETE", "/game"));
  });
  batch.addEventListener("change", () => send("PATCH", "/game", { batch: Number(batch.value) }));
  dial.addEventListener("input", () => {
    isTurning = true;
    sayRate(rateOf(dial.valueAsNumber));
  });
  dial.addEventListener("change", async () => {
    await send("PATCH", "/game", { eta: rateOf(dial.valueAsNumber) });
    isTurning = false;
  });
  document.addEventListener("keydown", (event) => {
    const { key, target, repeat } = event;
    if (!GO_ON_KEYS.includes(key) || !game || repeat || !(target instanceof Element)) return;
    if (target.closest(OWN_KEYS) || document.querySelector("dialog[open]")) return;
    if (key === " " && target.closest(PRESSED_BY_SPACE)) return;
    event.preventDefault();
    goOn();
  });

  /** @param {() => Promise<unknown>} act one at a time */
  async function once(act) {
    if (isBusy) return;
    isBusy = true;
    await act();
    isBusy = false;
  }

  /** @param {object} how */
  async function begin(how) {
    if (await send("POST", "/game", how)) start.hidden = true;
    toStart.setAttribute("aria-expanded", String(!start.hidden));
  }

  function goOn() {
    if (!game || next.getAttribute("aria-disabled") === "true") return;
    if (game.has_diverged) once(() => begin({ pace: "walk", eta: USUAL_RATE, batch: game.batch }));
    else if (game.pace === "run") once(() => send("PATCH", "/game", { pace: "walk" }));
    else once(() => send("POST", "/game/next"));
  }

  /** @param {number} drawing */
  function letIn(drawing) {
    once(() => send("POST", "/game/next", { drawing }));
  }

  async function offer() {
    const list = part(dialog, "drawings");
    const drawings = await choices();
    list.replaceChildren(...drawings.map(choiceOf));
    dialog.showModal();
  }

  /** @param {WallDrawing} drawing */
  function choiceOf({ id, label, strokes }) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `Drawing ${id}, of a ${label}`);
    button.append(pictureOf(strokes ?? []));
    button.addEventListener("click", () => {
      dialog.close();
      letIn(id);
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  /** @param {number} eta */
  function sayRate(eta) {
    const words = rateWords(eta);
    setText(rate, words);
    dial.setAttribute("aria-valuetext", words);
  }

  /** What the button says. @param {Game} now */
  function nextWords(now) {
    if (now.has_diverged) return "Start over";
    if (now.pace === "run") return "Slow down to a walk";
    if (now.phase === "ready" || now.is_complete) return nextStep(now);
    const size = SIZES[Number(now.phase.split("-")[1]) - 1];
    return `${now.done.length} of ${size} are in`;
  }

  return {
    /** @param {Game | null} now */
    show(now) {
      const hasBegun = now && !game;
      game = now;
      if (!now) return;
      const isWalk = now.pace === "walk" && !now.has_diverged;
      const isReady = now.phase === "ready";
      setText(next, nextWords(now));
      next.setAttribute("aria-disabled", String(isWalk && !isReady && !now.is_complete));
      skip.hidden = !isWalk || isReady || now.is_complete || now.waiting.length === 0;
      run.hidden = !isWalk || !skip.hidden;
      again.hidden = !(isWalk && isReady && now.step > 0 && now.batch === 1);
      choose.hidden = !(isWalk && isReady && now.batch === 1);
      if (!isTurning) {
        dial.value = String(Math.log10(now.eta));
        sayRate(now.eta);
      }
      if (document.activeElement !== batch) batch.value = String(now.batch);
      if (hasBegun) next.focus();
    },
  };
}
