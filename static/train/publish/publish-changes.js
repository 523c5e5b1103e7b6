/** What publishing a run changes: warnings, accuracies in all and per digit, and the drawings whose answer changes. */

import { request } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { accuracy } from "../../page/format.js";
import { mountNotice } from "../../page/notice.js";
import { part } from "../../page/part.js";
import { paintPixels } from "../../page/pixels.js";
import { copyOf } from "../../page/template.js";
import { isClearlyWorse, points, turnedCaption, turnedLine, turnedTitle } from "./publish-words.js";

/**
 * @import {Change, Changes, Turned} from "./publish-words.js"
 * @typedef {"asking" | "failed" | "better" | "worse"} State
 */

/**
 * @param {HTMLElement} section of the template publish.html
 * @param {(state: State) => void} onState
 */
export function mountPublishChanges(section, onState) {
  const trouble = mountNotice(part(section, "trouble"));
  const again = part(section, "again");
  const comparing = part(section, "comparing");
  const changes = part(section, "changes");
  let asked = "";
  let flight = new AbortController();

  again.addEventListener("click", () => ask(asked));

  /** @param {string} path */
  async function ask(path) {
    flight.abort();
    flight = new AbortController();
    const { signal } = flight;
    asked = path;
    trouble.say("");
    again.hidden = changes.hidden = true;
    comparing.hidden = false;
    onState("asking");
    /** @type {Changes | null} */
    let found = null;
    try {
      found = await request(path, { signal });
    } catch (error) {
      if (signal.aborted) return;
      trouble.sayError(error, undefined, () => signal.aborted || ask(path));
    }
    comparing.hidden = true;
    again.hidden = found !== null;
    if (found) show(found);
    onState(found === null ? "failed" : found.warnings.length > 0 ? "worse" : "better");
  }

  /** @param {Changes} found */
  function show({ compared_with, warnings, test, drawings, corrections, to_wrong, to_right }) {
    part(section, "before").textContent = `“${compared_with.name}” now`;
    part(section, "corrections").hidden = corrections === null;
    for (const [name, change] of Object.entries({ test, drawings, corrections })) {
      if (change === null) continue;
      const { before, after } = change;
      part(section, `${name}Before`).textContent = accuracy(before.accuracy);
      part(section, `${name}After`).textContent = accuracy(after.accuracy);
      part(section, `${name}Points`).textContent = points(before.accuracy, after.accuracy);
    }
    part(section, "testTurned").textContent = turnedLine(test, "test images");
    part(section, "digits").replaceChildren(...test.after.by_digit.map((_, digit) => rowOf(digit, { test, drawings })));
    showTurned("wrong", drawings.to_wrong, to_wrong);
    showTurned("right", drawings.to_right, to_right);
    part(section, "right").hidden = drawings.to_right === 0;
    part(section, "rightNone").textContent = drawings.to_right === 0 ? `${turnedTitle(0, "right")}.` : "";
    changes.hidden = false;
    part(section, "warnings").hidden = warnings.length === 0;
    part(section, "warningList").replaceChildren(...warnings.map(itemOf));
    section.parentElement?.scrollTo(0, 0);
  }

  /**
   * @param {number} digit
   * @param {{test: Change, drawings: Change}} changes
   */
  function rowOf(digit, { test, drawings }) {
    const { element } = copyOf("publish-digit", { digit: String(digit) });
    for (const [name, { before, after }] of Object.entries({ test, drawings })) {
      const [was, now] = [before.by_digit[digit], after.by_digit[digit]];
      part(element, `${name}Before`).textContent = accuracy(was);
      part(element, `${name}After`).textContent = accuracy(now);
      part(element, `${name}Worse`).hidden = !isClearlyWorse(was, now, name === "test" ? "test" : "drawings");
    }
    return element;
  }

  /**
   * @param {"wrong" | "right"} what
   * @param {number} count
   * @param {Turned[]} turned some of them
   */
  function showTurned(what, count, turned) {
    part(section, `${what}Title`).textContent = turnedTitle(count, what);
    part(section, `${what}More`).textContent = count > turned.length ? `and ${count - turned.length} more` : "";
    part(section, `${what}List`).replaceChildren(
      ...turned.map((drawing) => {
        const { element } = copyOf("publish-drawing", { caption: turnedCaption(drawing) });
        paintPixels(one(element, "canvas", HTMLCanvasElement), drawing.pixels, 255);
        return element;
      }),
    );
  }

  return {
    /**
     * @param {number} run
     * @param {string} name under which it would be published
     */
    show: (run, name) => ask(`runs/${run}/changes?name=${encodeURIComponent(name)}`),
    stop: () => flight.abort(),
  };
}

/** @param {string} sentence */
function itemOf(sentence) {
  const item = document.createElement("li");
  item.textContent = sentence;
  return item;
}
