/** The dialog with all versions that were served under a name, from which the admin brings any back. */

import { post, request } from "../../page/api.js";
import { accuracy, shortVersion, when } from "../../page/format.js";
import { mountNotice } from "../../page/notice.js";
import { copyOf } from "../../page/template.js";
import { byWhom } from "./publish-words.js";

/**
 * @typedef {object} Version
 * @property {string} version
 * @property {boolean} serves
 * @property {number | null} accuracy
 * @property {number | null} accuracy_on_drawings null when its file can't be read any more
 * @property {number | null} run_id
 * @property {string | null} published_at null for the one that came with the app
 * @property {string} who
 * @property {string} why
 * @property {string | null} rolled_back_at
 */

/**
 * @param {HTMLDialogElement} dialog of the template served.html
 * @param {() => void} onChange after another version was brought back
 */
export function mountServedVersions(dialog, onChange) {
  const part = (name) => dialog.querySelector(`[data-part=${name}]`);
  const list = part("list");
  const { say, sayError } = mountNotice(part("notice"));
  let name = "";
  let busy = false;

  async function read() {
    const asked = name;
    try {
      const versions = await request(`models/${encodeURIComponent(asked)}/versions`);
      if (asked === name) list.replaceChildren(...versions.map((version) => itemOf(version, versions)));
    } catch (error) {
      if (asked === name) sayError(error);
    }
    part("reading").hidden = true;
  }

  async function bringBack(version) {
    if (busy) return;
    busy = true;
    try {
      const model = await post(`admin/models/${encodeURIComponent(name)}/rollback`, { version });
      await read();
      say(`“${name}” answers with version ${shortVersion(model.version)} now.`);
      part("notice").focus(); // the button that was pressed is gone
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
    const { element, part: cell } = copyOf("served-version", {
      version: shortVersion(version.version),
      state: stateOf(version),
      figures: figuresOf(version),
      origin: originOf(version),
    });
    if (version.run_id !== null) {
      cell("run").hidden = false;
      cell("run").href = `runs/${version.run_id}`;
      cell("run").textContent = `Run ${version.run_id}`;
    }
    const button = cell("again");
    if (button && canComeBack(version, versions)) {
      button.hidden = false;
      button.textContent = version.rolled_back_at ? "Publish again" : "Roll back to this";
      button.setAttribute("aria-label", `${button.textContent}: version ${shortVersion(version.version)}`);
      button.addEventListener("click", () => bringBack(version.version));
    }
    return element;
  }

  return {
    /** @param {string} chosen */
    open(chosen) {
      name = chosen;
      part("name").textContent = `“${name}”`;
      say("");
      list.replaceChildren();
      part("reading").hidden = false;
      dialog.showModal();
      read();
    },
  };
}

/**
 * Whether a version has a button: one that answers has none, and of several publications of one version only the
 * newest, since they are the same network.
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
  if (accuracy_on_drawings === null) return "· its file can't be read any more";
  return rolled_back_at ? `· taken back ${when(rolled_back_at)}` : "";
}

/** @param {Version} version */
function figuresOf({ accuracy: onTest, accuracy_on_drawings }) {
  return `${accuracy(onTest)} of the test images right, ${accuracy(accuracy_on_drawings)} of the drawings`;
}

/** @param {Version} version */
export function originOf(version) {
  if (version.published_at === null) return "Came with the app";
  return `, published ${when(version.published_at)}${byWhom(version)}`;
}
