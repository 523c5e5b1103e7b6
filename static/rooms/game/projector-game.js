/** The class is the network, on the projector: the network, its answer, the course, and votes. */

import { request } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { percent, short, whole } from "../../page/format.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { GameState } from "./game-state.js";
import { shares } from "./neuron.js";
import { mountCourse } from "./projector-course.js";
import { mountGameLead } from "./projector-lead.js";
import { mountNetwork } from "./projector-network.js";
import { answerOf, costOf, isKnown, titleOf, whoPlays } from "./projector-steps.js";
import { mountVote } from "./projector-vote.js";

/**
 * @import {Pupil, WallDrawing} from "../../page/room-stream.js"
 * @import {Game} from "./game-state.js"
 */

const MAX_CHOICES = 64;

/**
 * @param {HTMLElement} main
 * @param {string} code of the room
 * @param {Map<number, Pupil>} pupils
 * @param {Map<number, WallDrawing>} drawings
 * @param {import("./projector-vote.js").Send | null} send null for who can't lead
 */
export function mountGame(main, code, pupils, drawings, send) {
  const state = new GameState();
  const section = one(main, "#game");
  const network = mountNetwork(part(section, "network"));
  const course = mountCourse(part(section, "course"));
  const [answer, answerShare, label, cost, caption, who, diverged] = [
    "answer",
    "answer-share",
    "label",
    "answer-cost",
    "caption",
    "who",
    "diverged",
  ].map((name) => part(section, name));
  const voteSection = one(main, "#vote");
  const vote = mountVote(voteSection, send);
  const lead = send && mountGameLead(one(main, "#game-lead"), send, choices);
  const outside = one(main, "#vote-outside");
  /** @type {Map<number, Uint8Array>} by drawing */
  const inputs = new Map();
  let shownDigit = 0;
  let voteStep = 0;
  /** @type {{digit: number, step: number, cost: number, change: number | null}} of the digit that went in last */
  let last = { digit: 0, step: -1, cost: 0, change: null };

  /** @param {number} pupil */
  function nameOf(pupil) {
    return pupils.get(pupil)?.name ?? `Pupil ${pupil}`;
  }

  /** @param {number[]} ids */
  async function readInputs(ids) {
    const query = ids.map((id) => `of=${id}`).join("&");
    const found = await request(`rooms/${code}/game/inputs?${query}`);
    for (const [id, text] of Object.entries(found.inputs)) {
      inputs.set(
        Number(id),
        Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)),
      );
    }
  }

  /** Held-out pupils' drawings are on the wall too, but the class does not learn from them. */
  async function choices() {
    const up = [...drawings.values()].filter(({ place, label }) => place === "up" && label !== null);
    const newest = up.slice(-MAX_CHOICES);
    await readInputs(newest.map(({ id }) => id)).catch(() => {});
    return newest.filter(({ id }) => inputs.has(id));
  }

  /** @param {Game} game */
  async function showDigit({ digits }) {
    const digit = digits[0] ?? 0;
    if (digit === shownDigit) return;
    shownDigit = digit;
    network.showDigit(inputs.get(digit) ?? null);
    if (digit === 0 || inputs.has(digit)) return;
    await readInputs([digit]).catch(() => {}); // it is shown with the next one
    if (digit === shownDigit) network.showDigit(inputs.get(digit) ?? null);
  }

  /** @param {Game} game */
  function showAnswer(game) {
    const sums = isKnown(game, "forward-3") ? state.outputs : null;
    if (!sums && game.pace === "run" && game.step > 0) return; // the last answer stays until the next one comes
    const first = sums && answerOf(sums[0]);
    setText(answer, sums ? String(first) : "");
    setText(answerShare, sums ? percent(shares(sums[0])[first]) : "");
    const { labels } = game;
    const right = labels && sums ? sums.filter((row, n) => answerOf(row) === labels[n]).length : 0;
    const isOne = game.digits.length === 1;
    const judged = isOne
      ? `meant as ${labels?.[0]} ${right === 1 ? "✓" : "✗"}`
      : `${whole(right)} of ${labels?.length} right`;
    setText(label, labels && sums ? judged : "");
    setText(cost, labels && sums ? `cost ${short(game.cost ?? costOf(sums, labels))}` : "");
    setText(caption, game.digits.length < 2 ? "" : `The first of ${whole(game.digits.length)} digits`);
    if (game.phase !== "ready" && labels && sums && isOne) noteCost(game, costOf(sums, labels));
  }

  /** @param {Game} game @param {number} now */
  function noteCost({ digits: [digit], step }, now) {
    if (last.step === step && last.digit === digit) return;
    const change = last.digit === digit && last.step < step ? now - last.cost : null;
    last = { digit, step, cost: now, change };
  }

  /** What a vote may have asked about, as far as it is known. */
  function known() {
    const { game } = state;
    if (!game || game.phase === "ready" || game.digits.length > 1) return { answer: null, change: null };
    const isSince = last.step === game.step && voteStep < game.step;
    return {
      answer: isKnown(game, "forward-3") && state.outputs ? answerOf(state.outputs[0]) : null,
      change: isSince ? last.change : null,
    };
  }

  return {
    /** @param {Record<string, any>} changes */
    take(changes) {
      state.take(changes);
      if (vote.take(changes)) voteStep = state.game?.step ?? 0;
    },
    /**
     * @param {string} prompt of the room
     * @returns {string} what is going on
     */
    show(prompt) {
      const { game } = state;
      const wasOn = !section.hidden;
      section.hidden = !game;
      main.dataset.game = game ? "on" : "off";
      if (send) one(main, "#game-lead").hidden = !game;
      if (wasOn !== Boolean(game)) (game ? part(section, "vote-place") : outside).append(voteSection);
      lead?.show(game);
      if (game) {
        network.show(state, nameOf);
        showDigit(game);
        showAnswer(game);
        course.show(state.course, game.phase);
        setText(who, whoPlays(state.deal, nameOf));
        diverged.hidden = !game.has_diverged;
        setText(part(diverged, "rate"), short(game.step_eta));
      }
      const here = [...pupils.values()].filter(({ gone, simulated }) => !gone && !simulated);
      section.dataset.vote = vote.show(here.length, known()) ? "on" : "off";
      return game ? titleOf(game, nameOf) : prompt;
    },
  };
}
