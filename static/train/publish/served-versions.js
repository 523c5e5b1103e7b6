/** The dialog with all versions published under a name, from which the admin can publish any again. */

import { post, request } from "../../page/api.js";
import { accuracy, shortVersion, when } from "../../page/format.js";
import { mountNotice } from "../../page/notice.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { byWhom } from "./publish-words.js";

/**
 * @typedef {object} Version
 * @property {string} version
 * @property {boolean} serves
 * @property {number | null} accuracy
 * @property {number | null} accuracy_on_drawings null when its file can no longer be read
 * @property {number | null} run_id
 * @property {string | null} published_at null for the one that came with the app
 * @property {string} who
 * @property {string} why
 * @property {string | null} rolled_back_at
 */

/**
 * @param {HTMLDialogElement} dialog of the template served.html
 * @param {() => void} onChange after another version was published again
 */
export function mountServedVersions(dialog, onChange) {
  const [list, reading, notice] = ["list", "reading", "notice"].map((name) => part(dialog, name));
  const { say, sayError } = mountNotice(notice);
  let name = "";
  let busy = false;

  async function read() {
    const asked = name;
    try {
      /** @type {Version[]} */
      const versions = await request(`models/${encodeURIComponent(asked)}/versions`);
      if (asked === name) list.replaceChildren(...versions.map((version) => itemOf(version, versions)));
    } catch (error) {
      if (asked === name) sayError(error, undefined, () => asked === name && read());
    }
    reading.hidden = true;
  }

  /** @param {string} version */
  async function publishAgain(version) {
    if (busy) return;
    busy = true;
    try {
      const model = await post(`admin/models/${encodeURIComponent(name)}/rollback`, { version });
      await read();
      say(`“${name}” answers with version ${shortVersion(model.version)} now.`);
      notice.focus(); // the button is hidden now
      onChange();
    } catch (error) {
      sayError(error);
    }
    busy = false;
  }

  /**
   * @param {Version} version
   * @param {Version[]} versions
   */
  function itemOf(version, versions) {
    const { element } = copyOf("served-version", {
      version: shortVersion(version.version),
      state: stateOf(version),
      figures: figuresOf(version),
      origin: originOf(version),
    });
    showRunLink(part(element, "run", HTMLAnchorElement), version.run_id);
    /** @type {HTMLButtonElement | null} only for the admin */
    const button = element.querySelector("[data-part=again]");
    if (button && canComeBack(version, versions)) {
      button.hidden = false;
      button.textContent = version.rolled_back_at ? "Publish again" : "Roll back to this";
      button.setAttribute("aria-label", `${button.textContent}: version ${shortVersion(version.version)}`);
      button.addEventListener("click", () => publishAgain(version.version));
    }
    return element;
  }

  return {
    /** @param {string} chosen */
    open(chosen) {
      name = chosen;
      part(dialog, "name").textContent = `“${name}”`;
      say("");
      list.replaceChildren();
      reading.hidden = false;
      dialog.showModal();
      read();
    },
  };
}

/**
 * Whether a version has a button: not the one that answers now, and only the newest of several publications of one
 * version, since they are the same network.
 *
 * @param {Version} version
 * @param {Version[]} versions newest first
 */
function canComeBack(version, versions) {
  const same = versions.filter((other) => other.version === version.version);
  return same[0] === version && version.accuracy_on_drawings !== null && !same.some((other) => other.serves);
}

/** @param {Version} version */
function stateOf({ serves, rolled_back_at, accuracy_on_drawings }) {
  if (serves) return "· answers now";
  if (accuracy_on_drawings === null) return "· its file can no longer be read";
  return rolled_back_at ? `· rolled back ${when(rolled_back_at)}` : "";
}

/** @param {Version} version */
function figuresOf({ accuracy: onTest, accuracy_on_drawings }) {
  return `${accuracy(onTest)} of the test images right, ${accuracy(accuracy_on_drawings)} of the drawings`;
}

/**
 * @param {HTMLAnchorElement} link
 * @param {number | null} run
 */
export function showRunLink(link, run) {
  link.hidden = run === null;
  if (run === null) return;
  link.href = `runs/${run}`;
  link.textContent = `Run ${run}`;
}

/** @param {Version} version */
function originOf(version) {
  if (version.published_at === null) return "Came with the app";
  return `, published ${when(version.published_at)}${byWhom(version)}`;
}
