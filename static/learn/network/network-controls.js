/** The controls that change a parameter, the effect on its neuron, and the list of changes. */

import { textOf, valueAt } from "../../network/parameter-address.js";
import { parameterName } from "../../network/parameter-name.js";
import { percent, short } from "../../page/format.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { numberIn } from "../../page/typed-number.js";
import { MAX_VALUE, reachOf } from "./network-changes.js";

/**
 * @typedef {import("./network-changes.js").Change} Change
 * @typedef {import("./network-changes.js").Layer} Layer
 * @typedef {import("../../network/parameter-name.js").Parameter} Parameter
 */

// Of the slider, to each side. Few, so that an arrow key has a visible effect.
const STEPS = 100;
const DIGITS = 6;

/**
 * @param {HTMLElement} element
 * @param {object} does
 * @param {(parameter: Parameter, value: number | null) => void} does.onChange null resets it
 * @param {(parameter: Parameter) => void} does.onChoose
 * @param {() => void} does.onReset
 */
export function mountControls(element, { onChange, onChoose, onReset }) {
  const [slider, number] = ["slider", "number"].map((name) => part(element, name, HTMLInputElement));
  const [name, trained, list, none, reset] = ["parameter", "trained", "changes", "none", "reset"].map((name) =>
    part(element, name),
  );
  /** @type {Parameter | null} */
  let parameter = null;
  let [before, now] = [0, 0];

  /** @param {number} value */
  function change(value) {
    if (!parameter || !Number.isFinite(value) || Math.abs(value) > MAX_VALUE) return;
    onChange(parameter, value === before ? null : value);
  }

  slider.addEventListener("input", () => change(rounded(before + (Number(slider.value) * reachOf(parameter)) / STEPS)));
  number.addEventListener("input", () => {
    const typed = numberIn(number);
    if (Number.isFinite(typed)) change(typed);
  });
  number.addEventListener("change", () => {
    number.value = String(now);
  });
  reset.addEventListener("click", () => {
    onReset();
    slider.focus(); // the button is gone
  });

  /**
   * @param {Layer[]} layers
   * @param {Change[]} changes
   */
  function showList(layers, changes) {
    none.hidden = changes.length > 0;
    reset.hidden = changes.length < 2;
    const hadFocus = list.contains(document.activeElement);
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
        back.ariaLabel = `Reset: ${words}`;
        back.addEventListener("click", () => onChange(change, null));
        return item;
      }),
    );
    // Keyboard users continue with the next change, or with the slider.
    if (hadFocus) (list.querySelector("li") ? part(list, "back") : slider).focus();
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
      // Don't replace "0.50" by 0.5 while it is typed.
      if (numberIn(number) !== now) number.value = String(now);
      showList(layers, changes);
    },

    /**
     * Shows the parameter's part in its neuron: z = w a + the rest.
     *
     * @param {import("./network-columns.js").Shown | null} shown null when nothing is drawn
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
      const rest = bracketed(asExactAs(is.z, is.z - w * source));
      const texts = { value: numeral(w), source: bracketed(source), rest, z: numeral(is.z) };
      const table = { "z-before": was.z, "z-now": is.z, "a-before": was.a, "a-now": is.a };
      for (const [key, text] of Object.entries(texts)) part(element, key, Element).textContent = text;
      for (const [key, n] of Object.entries(table)) part(element, key).textContent = numeral(n);
      showVerdict(shown);
    },
  };

  /** @param {import("./network-columns.js").Shown} shown */
  function showVerdict({ before: was, now: is }) {
    part(element, "digit-before").textContent = String(was.digit);
    part(element, "digit-now").textContent = String(is.digit);
    part(element, "verdict").classList.toggle("is-turned", was.digit !== is.digit);
    part(element, "answer").textContent = `${is.digit}, ${percent(is.confidence)} sure`;
  }
}

/** @param {number} value */
function rounded(value) {
  return Number(value.toPrecision(DIGITS));
}

/** @param {string} words */
function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}

/**
 * Rounds a part of z to the last decimal of z, which comes with five digits: more would be noise.
 *
 * @param {number} z
 * @param {number} rest
 */
function asExactAs(z, rest) {
  const last = 10 ** (Math.floor(Math.log10(Math.abs(z) || 1)) - 4);
  return Number((Math.round(rest / last) * last).toPrecision(5));
}

/**
 * With a real minus sign.
 *
 * @param {number} n
 */
function numeral(n) {
  return short(n).replaceAll("-", "−");
}

/**
 * In brackets when negative, as after a plus sign.
 *
 * @param {number} n
 */
function bracketed(n) {
  return n < 0 ? `(${numeral(n)})` : numeral(n);
}
