/** The controls that turn a parameter, what that does to the neuron it leads to, and the list of what was turned. */

import { textOf, valueAt } from "../../network/parameter-address.js";
import { parameterName } from "../../network/parameter-name.js";
import { percent, short } from "../../page/format.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { MAX_VALUE, reachOf } from "./network-changes.js";

/**
 * @typedef {import("./network-changes.js").Change} Change
 * @typedef {import("./network-changes.js").Layer} Layer
 * @typedef {import("../../network/parameter-name.js").Parameter} Parameter
 */

// Of the slider, to each side. Few enough that an arrow key is felt.
const STEPS = 100;
const DIGITS = 6;

/**
 * @param {HTMLElement} element
 * @param {object} does
 * @param {(parameter: Parameter, value: number | null) => void} does.onTurn null puts it back
 * @param {(parameter: Parameter) => void} does.onChoose
 * @param {() => void} does.onReset
 */
export function mountTurn(element, { onTurn, onChoose, onReset }) {
  const [slider, number] = ["slider", "number"].map((name) => part(element, name, HTMLInputElement));
  const [name, trained, list, none, reset] = ["parameter", "trained", "changes", "none", "reset"].map((name) =>
    part(element, name),
  );
  /** @type {Parameter | null} */
  let parameter = null;
  let [before, now] = [0, 0];

  function turn(value) {
    if (!parameter || !Number.isFinite(value) || Math.abs(value) > MAX_VALUE) return;
    onTurn(parameter, value === before ? null : value);
  }

  slider.addEventListener("input", () => turn(rounded(before + (Number(slider.value) * reachOf(parameter)) / STEPS)));
  number.addEventListener("input", () => number.value !== "" && turn(Number(number.value)));
  number.addEventListener("change", () => {
    number.value = String(now);
  });
  reset.addEventListener("click", () => {
    onReset();
    slider.focus(); // the button is gone
  });

  function showList(layers, changes) {
    none.hidden = changes.length > 0;
    reset.hidden = changes.length < 2;
    const had = list.contains(document.activeElement);
    list.replaceChildren(
      ...changes.map((change) => {
        const words = parameterName(change);
        const values = `${numeral(valueAt(layers, change))} → ${numeral(change.value)}`;
        const { element: item, part: inside } = copyOf("network-change", { name: words, values });
        inside("name").addEventListener("click", () => {
          onChoose(change);
          slider.focus();
        });
        const back = inside("back");
        back.ariaLabel = `Put back: ${words}`;
        back.addEventListener("click", () => onTurn(change, null));
        return item;
      }),
    );
    // Who puts one back by keyboard goes on with the next, or with the slider.
    if (had) (list.querySelector("li") ? part(list, "back") : slider).focus();
  }

  return {
    /**
     * @param {Layer[]} layers as trained
     * @param {Parameter} chosen
     * @param {Change[]} changes
     */
    show(layers, chosen, changes) {
      const isOther = !parameter || textOf(parameter) !== textOf(chosen);
      parameter = chosen;
      before = valueAt(layers, chosen);
      now = changes.find((change) => textOf(change) === textOf(chosen))?.value ?? before;
      if (isOther) name.textContent = capital(parameterName(chosen));
      trained.textContent = numeral(before);
      slider.value = String(((now - before) / reachOf(chosen)) * STEPS);
      slider.setAttribute("aria-valuetext", numeral(now));
      // Not what is there in other words: someone may be typing "0.50".
      if (Number(number.value) !== now || number.value === "") number.value = String(now);
      showList(layers, changes);
    },

    /**
     * What the parameter does in its neuron: z = w a + the rest.
     *
     * @param {import("./network-columns.js").Shown | null} shown null when there is no digit
     */
    showEffect(shown) {
      element.classList.toggle("is-blank", !shown);
      if (!shown) return;
      const { layer, neuron, input } = parameter;
      const w = shown.changes.find((change) => textOf(change) === textOf(parameter))?.value ?? before;
      const [was, is] = [shown.before, shown.now].map((answer) => ({
        z: answer.weighted_inputs[layer - 1][neuron],
        a: answer.activations[layer - 1][neuron],
      }));
      const source = input === null ? 1 : layer === 1 ? shown.pixels[input] : shown.now.activations[layer - 2][input];
      part(element, "times", Element).toggleAttribute("hidden", input === null);
      const rest = bracketed(toldBy(is.z, is.z - w * source));
      const texts = { value: numeral(w), source: bracketed(source), rest, z: numeral(is.z) };
      const table = { "z-before": was.z, "z-now": is.z, "a-before": was.a, "a-now": is.a };
      for (const [key, text] of Object.entries(texts)) part(element, key, Element).textContent = text;
      for (const [key, n] of Object.entries(table)) part(element, key).textContent = numeral(n);
      showVerdict(shown);
    },
  };

  function showVerdict({ before: was, now: is }) {
    part(element, "digit-before").textContent = String(was.digit);
    part(element, "digit-now").textContent = String(is.digit);
    part(element, "verdict").classList.toggle("is-turned", was.digit !== is.digit);
    part(element, "answer").textContent = `${is.digit}, ${percent(is.confidence)} sure`;
  }
}

function rounded(value) {
  return Number(value.toPrecision(DIGITS));
}

function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}

/** A part of z with no more digits than z itself has, which comes with five: the others would be made up. */
function toldBy(z, rest) {
  const last = 10 ** (Math.floor(Math.log10(Math.abs(z) || 1)) - 4);
  return Number((Math.round(rest / last) * last).toPrecision(5));
}

/** With the minus sign that mathematics has. */
function numeral(n) {
  return short(n).replaceAll("-", "−");
}

/** As it stands behind another sign. */
function bracketed(n) {
  return n < 0 ? `(${numeral(n)})` : numeral(n);
}
