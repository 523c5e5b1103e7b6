/** The phone's view of a game: what its neurons do now, which takes the place of the drawing page. */

import { all } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { pictureOf } from "../tile.js";
import { mountByHand } from "./by-hand.js";
import { gameCalls } from "./game-calls.js";
import { layerOf } from "./game-player.js";
import * as words from "./game-words.js";
import { mountSketch } from "./network-sketch.js";
import { mountNeuronView } from "./neuron-view.js";
import { PhonePlay } from "./phone-play.js";
import { mountVoteCard } from "./vote-card.js";

/** @import {Game} from "./game-state.js" */

/**
 * @param {HTMLElement} main of templates/rooms/pupil.html
 * @param {object} options
 * @param {() => {pupil: number, key: string | null}} options.me
 * @param {(text: string) => void} options.say
 * @param {(error: unknown) => void} options.onProblem a call with the pupil's key was refused
 */
export function mountGamePhone(main, { me, say, onProblem }) {
  const section = part(main, "game");
  const inside = part(main, "inside");
  const calls = gameCalls(String(main.dataset.code), () => me().key);
  const play = new PhonePlay(calls, {
    pupil: () => (me().key ? me().pupil : 0),
    isAway: () => document.hidden || inside.hidden !== false,
    onNews: showSoon,
    onRefused: (problem) => problem.status !== 409 && onProblem(problem),
  });
  const sketch = mountSketch(part(section, "game-sketch"));
  const view = mountNeuronView(part(section, "game-neuron"));
  const byHand = mountByHand(part(section, "game-by-hand", HTMLDetailsElement), calls.hold);
  const vote = mountVoteCard(main, { vote: calls.vote, onProblem });
  const tabs = part(section, "game-tabs");
  const pass = part(section, "game-pass");
  const says = part(section, "game-says");
  /** @type {Map<number, string | null | undefined>} */
  const names = new Map();
  /** @type {Map<number, number[][][]>} */
  const strokes = new Map();
  let frame = 0;
  let chosen = "";
  /** The phase in which the neuron was chosen, by the pupil or because it had something to do. */
  let chosenIn = "";
  let pictured = 0;
  let spoken = "";

  pass.addEventListener("click", () => play.passOn());
  document.addEventListener("visibilitychange", () => play.play());

  function showSoon() {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      show();
    });
  }

  function show() {
    const { game } = play.state;
    const isOn = game !== null;
    section.hidden = !isOn;
    inside.classList.toggle("plays", isOn);
    if (!isOn) return;
    const { held } = play;
    choose(game, held);
    setText(part(section, "game-title"), words.titleWords(held));
    setText(part(section, "game-phase"), words.phaseWords(game));
    setText(part(section, "game-revealed"), words.revealedWords(game));
    const label = held.length > 0 ? `The network. Yours: ${held.join(", ")}` : "The network";
    sketch.show({ held, done: game.done, layer: play.state.layer, label });
    byHand.show(play.state.deal.held);
    showDigit(game);
    showTabs(held);
    showNeuron(game);
    showBar(game, held);
  }

  /** At a walk, a phone turns to a neuron that has something to do. @param {Game} game @param {string[]} held */
  function choose(game, held) {
    const phase = `${game.step} ${game.phase}`;
    const active = play.moves.map(({ name }) => name);
    if (!held.includes(chosen)) chosen = active[0] ?? held[0] ?? "";
    if (game.pace === "run" || chosenIn === phase || active.length === 0) return;
    chosenIn = phase;
    if (!active.includes(chosen)) [chosen] = active;
  }

  /** @param {Game} game */
  function showDigit({ digits, phase }) {
    const digit = phase === "ready" ? 0 : digits[0];
    const figure = part(section, "game-digit");
    const drawn = strokes.get(digit);
    figure.hidden = !drawn;
    setText(part(figure, "game-digits"), words.digitWords(digits.length));
    if (!drawn || pictured === digit) return;
    pictured = digit;
    part(figure, "game-picture").replaceChildren(pictureOf(drawn));
  }

  /** @param {string[]} held */
  function showTabs(held) {
    tabs.hidden = held.length < 2;
    const buttons = all(tabs, "button");
    if (buttons.map((button) => button.dataset.neuron).join() !== held.join()) {
      tabs.replaceChildren(...held.map(tabOf));
    }
    for (const button of all(tabs, "button")) button.ariaPressed = String(button.dataset.neuron === chosen);
  }

  /** @param {string} name */
  function tabOf(name) {
    const button = document.createElement("button");
    button.textContent = name;
    button.ariaLabel = words.neuronWords(name);
    button.dataset.neuron = name;
    button.addEventListener("click", () => {
      chosen = name;
      showSoon();
    });
    return button;
  }

  /** @param {Game} game */
  function showNeuron(game) {
    const { isForward } = play.state;
    const record = play.records[chosen];
    const isRun = game.pace === "run";
    // Between steps, a phone shows the nudge of the step before.
    const isOld = !record || record.step < game.step - (game.phase === "ready" ? 1 : 0);
    const isShown = isRun || !isOld;
    view.show(record, {
      forward: isShown && (isRun || isForward || !record?.backward),
      backward: isShown && (isRun || !isForward),
    });
    // What one neuron alone is, and that it has nothing to do, is said above and below.
    const isOneOfSeveral = play.held.length > 1;
    setText(part(section, "game-neuron-name"), isOneOfSeveral ? `You are ${words.neuronWords(chosen)}.` : "");
    const isIdle = isOneOfSeveral && !isRun && play.state.isInPhase && layerOf(chosen) !== play.state.layer;
    setText(part(section, "game-idle"), isIdle ? "Nothing to do for this neuron in this layer." : "");
  }

  /** @param {Game} game @param {string[]} held */
  function showBar(game, held) {
    const { unsent, state } = play;
    const active = held.filter((name) => layerOf(name) === state.layer).length;
    const waits = game.pace === "walk" && unsent.length > 0;
    const isFocused = document.activeElement === pass || document.activeElement === says;
    pass.hidden = !waits;
    pass.ariaDisabled = String(play.isSending);
    if (waits) setText(pass, words.passWords(unsent));
    const waiting = words.waitingWords(game.waiting, me().pupil, (pupil) => names.get(pupil));
    const next = words.nextWords(game, { held: held.length, active, waiting });
    const said = waits ? waiting : `${verdictOf(game)} ${next}`.trim();
    const text = play.isUnreachable ? "The server can't be reached. This page keeps trying." : said;
    setText(says, text);
    if (isFocused) (waits ? pass : says).focus({ preventScroll: true });
    const toSay = [words.phaseWords(game), words.revealedWords(game), text, waits ? pass.textContent : ""].join(" ");
    if (game.pace === "walk" && toSay !== spoken) say(toSay);
    spoken = toSay;
  }

  /** @param {Game} game */
  function verdictOf({ pace }) {
    const verdicts = play.moves.map(({ name }) => play.verdictOf(name));
    if (pace === "run" || verdicts.length === 0) return "";
    // Of several, the one that is not as it should be.
    const verdict = ["wrong", "late", "right"].find((one) => verdicts.includes(one)) ?? "";
    return words.verdictWords({ verdict, instead: null });
  }

  return {
    /** @param {import("../../page/room-stream.js").Changes & {[part: string]: any}} changes an event of the room's stream */
    take(changes) {
      for (const { pupil, name } of changes.pupils) names.set(pupil, name);
      for (const { id, strokes: drawn } of changes.drawings) {
        if (drawn) strokes.set(id, drawn);
        else strokes.delete(id);
      }
      if (changes.vote) vote.show(changes.vote);
      if (play.take(changes)) showSoon();
    },
  };
}
