/** What publishing a run would change: warnings, accuracies in whole and per digit, and the drawings that turn. */

import { request } from "../../page/api.js";
import { accuracy } from "../../page/format.js";
import { mountNotice } from "../../page/notice.js";
import { paintPixels } from "../../page/pixels.js";
import { copyOf } from "../../page/template.js";
import { isClearlyWorse, points, turnedCaption, turnedLine, turnedTitle } from "./publish-words.js";

/**
 * @param {HTMLElement} section of the template publish.html
 * @param {(state: "asking" | "failed" | "better" | "worse") => void} onState
 */
export function mountPublishChanges(section, onState) {
  const part = (name) => section.querySelector(`[data-part=${name}]`);
  const trouble = mountNotice(part("trouble"));
  let asked = "";
  let flight = new AbortController();

  part("again").addEventListener("click", () => ask(asked));

  async function ask(path) {
    flight.abort();
    flight = new AbortController();
    const { signal } = flight;
    asked = path;
    trouble.say("");
    part("again").hidden = true;
    part("changes").hidden = true;
    part("comparing").hidden = false;
    onState("asking");
    let told = null;
    try {
      told = await request(path, { signal });
    } catch (error) {
      if (signal.aborted) return;
      trouble.sayError(error);
    }
    part("comparing").hidden = true;
    part("again").hidden = told !== null;
    if (told) show(told);
    onState(told === null ? "failed" : told.warnings.length > 0 ? "worse" : "better");
  }

  function show(told) {
    const { compared_with, warnings, test, drawings } = told;
    part("before").textContent = `“${compared_with.name}” now`;
    for (const [name, change] of [
      ["test", test],
      ["drawings", drawings],
    ]) {
      part(`${name}Before`).textContent = accuracy(change.before.accuracy);
      part(`${name}After`).textContent = accuracy(change.after.accuracy);
      part(`${name}Points`).textContent = points(change.before.accuracy, change.after.accuracy);
    }
    part("testTurned").textContent = turnedLine(test, "test images");
    part("digits").replaceChildren(...test.after.by_digit.map((_, digit) => rowOf(digit, test, drawings)));
    showTurned("wrong", drawings.to_wrong, told.to_wrong);
    showTurned("right", drawings.to_right, told.to_right);
    part("right").hidden = drawings.to_right === 0;
    part("rightNone").textContent = drawings.to_right === 0 ? `${turnedTitle(0, "right")}.` : "";
    part("changes").hidden = false;
    part("warnings").hidden = warnings.length === 0;
    part("warningList").replaceChildren(...warnings.map(itemOf));
    section.parentElement.scrollTop = 0;
  }

  function rowOf(digit, test, drawings) {
    const { element, part: cell } = copyOf("publish-digit", { digit: String(digit) });
    for (const [name, { before, after }] of [
      ["test", test],
      ["drawings", drawings],
    ]) {
      const [was, now] = [before.by_digit[digit], after.by_digit[digit]];
      cell(`${name}Before`).textContent = accuracy(was);
      cell(`${name}After`).textContent = accuracy(now);
      cell(`${name}Worse`).hidden = !isClearlyWorse(was, now, name);
    }
    return element;
  }

  function showTurned(what, count, turned) {
    part(`${what}Title`).textContent = turnedTitle(count, what);
    part(`${what}More`).textContent = count > turned.length ? `and ${count - turned.length} more` : "";
    part(`${what}List`).replaceChildren(
      ...turned.map((one) => {
        const { element } = copyOf("publish-drawing", { caption: turnedCaption(one) });
        paintPixels(element.querySelector("canvas"), one.pixels, 255);
        return element;
      }),
    );
  }

  return {
    /**
     * @param {number} run
     * @param {string} name under which it would be served
     */
    show: (run, name) => ask(`runs/${run}/changes?name=${encodeURIComponent(name)}`),
    stop: () => flight.abort(),
  };
}

function itemOf(sentence) {
  const item = document.createElement("li");
  item.textContent = sentence;
  return item;
}
