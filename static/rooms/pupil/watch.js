/** Watching a run: its cost live, and what its network reads in the pupil's own drawings as it learns. */

import { counted, courseWords } from "../../charts/course-words.js";
import { mountLineChart } from "../../charts/line-chart.js";
import { runningMean } from "../../charts/running-mean.js";
import { Problem, Unreachable } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { short, whole } from "../../page/format.js";
import { part } from "../../page/part.js";
import { repainting } from "../../page/repainting.js";
import { setText } from "../../page/text.js";
import { pictureOf } from "../tile.js";
import { howSure, learned, ownRight, raceWords } from "./pupil-words.js";
import { followRace } from "./race.js";
import { follow, newestOnly, newRun } from "./run-now.js";

/** @typedef {{digit: number, confidence: number, right: number, labelled: number}} OwnAnswers */

// Milliseconds. A class does not ask all at once, and the checkpoints of a stream that begins are not asked one by one.
const SPREAD = 600;
const NOTHING_DRAWN = "You have not drawn anything yet.";

/**
 * @param {HTMLElement} section
 * @param {object} options
 * @param {number} options.sureFrom
 * @param {(run: number, step: number) => Promise<OwnAnswers>} options.answers
 * @param {(text: string) => void} options.say
 */
export function mountWatch(section, { sureFrom, answers, say }) {
  const figure = one(section, "figure");
  const chart = mountLineChart(figure, {
    formatY: short,
    read: ({ x, y }) => `Step ${whole(x)}: cost ${short(y)}`,
    labelX: "steps",
    empty: "Shown after the first steps.",
  });
  let now = newRun(0);
  /** The runs of a room that has several, and which of them learns. */
  let several = 0;
  let nth = 0;
  let isShown = false;
  /** The number of the pupil's last drawing, 0 for none. */
  let drawn = 0;
  /** @type {number | null} the answer that was announced */
  let said = null;

  const showSoon = repainting(figure, show);
  const race = followRace((found) => {
    nth = found;
    showSoon();
  });
  const ask = newestOnly(askNow, () => new Promise((resolve) => setTimeout(resolve, SPREAD * Math.random())));

  function show() {
    if (!isShown) return;
    const means = runningMean(now.costs);
    const last = means.at(-1);
    const lines = [
      { points: now.costs, kind: /** @type {const} */ ("faint") },
      { points: means, kind: /** @type {const} */ ("plain") },
    ];
    const summary = last
      ? `Cost: now ${short(last.y)}, after step ${whole(last.x)}. ${courseWords(means, counted("step"))}`
      : "Cost at each step: none yet";
    chart.show({ lines, xRange: [0, Math.max(1, now.step)], yRange: null, isLog: false }, summary);
    setText(part(section, "learned"), words());
    section.dataset.state = now.hasEnded ? "ended" : "running";
  }

  function words() {
    if (now.run === 0) return "Your teacher is about to start a run.";
    if (several < 2 || now.hasEnded) return learned(now.epoch, now.step);
    return now.step === 0 ? raceWords(nth) : `${raceWords(several - 1)} ${learned(now.epoch, now.step)}`;
  }

  function askSoon() {
    if (isShown && drawn !== 0 && now.checkpoint !== null) ask({ run: now.run, step: now.checkpoint, drawn });
  }

  /** @param {{run: number, step: number, drawn: number}} about */
  async function askNow({ run, step }) {
    try {
      showAnswers(await answers(run, step), step);
      return true;
    } catch (error) {
      // The next checkpoint brings the next answer.
      if (error instanceof Problem || error instanceof Unreachable) return false;
      throw error;
    }
  }

  /** @param {OwnAnswers} found @param {number} step */
  function showAnswers(found, step) {
    setText(part(section, "digit"), String(found.digit));
    setText(part(section, "sentence"), howSure(found, sureFrom));
    setText(part(section, "note"), `${ownRight(found)} After step ${whole(step)}.`.trim());
    if (said !== found.digit) say(`Now it reads your drawing as ${found.digit}. ${ownRight(found)}`);
    said = found.digit;
  }

  return {
    /** @param {boolean} shown @param {number[]} runs of the room: the last is shown */
    show(shown, runs) {
      const run = runs.at(-1) ?? 0;
      isShown = shown;
      section.hidden = !shown;
      several = runs.length;
      race.watch(shown && several > 1 ? runs : []);
      if (run !== now.run) now = newRun(run);
      askSoon();
      showSoon();
    },
    /** @param {{id?: number, strokes: number[][][]} | undefined} last of the pupil's drawings */
    showDrawn(last) {
      const id = last?.id ?? 0;
      if (id === drawn) return;
      drawn = id;
      section.classList.toggle("has-drawn", id !== 0);
      part(section, "tile").replaceChildren(pictureOf(last?.strokes ?? []));
      setText(part(section, "sentence"), last ? "Waiting for the network …" : NOTHING_DRAWN);
      for (const name of ["digit", "note"]) setText(part(section, name), "");
      askSoon();
    },
    /** The events of a run begin again. */
    restart() {
      now = newRun(now.run);
    },
    /** @param {import("../../page/room-stream.js").RunEvent} event */
    take(event) {
      if (event.run !== now.run) now = newRun(event.run);
      follow(now, event);
      if (event.event === "checkpoint") askSoon();
      showSoon();
    },
  };
}
