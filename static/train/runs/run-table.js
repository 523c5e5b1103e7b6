/** The table of runs: sorted and filtered as the address says, with a box in each row to choose it. */

import { all, one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { sorted } from "../../page/sorted.js";
import { copyOf } from "../../page/template.js";
import { setText } from "../../page/text.js";
import { COLUMNS, countWords, isFound, textsOf } from "./run-table-rows.js";

/**
 * @import {AddressState} from "../../page/address-state.js"
 * @import {Presets, Run} from "../types.js"
 */

/** The state in the address. */
export const DEFAULTS = { find: "", status: "", preset: "", sort: "run", reverse: false };
export const CHECKS = { sort: (/** @type {string} */ name) => Object.hasOwn(COLUMNS, name) };

/**
 * @param {{table: HTMLTableElement, filters: HTMLFormElement, count: HTMLElement, empty: HTMLElement, none: HTMLElement}}
 *   parts `empty` is for no runs at all, `none` for no run that the filter finds
 * @param {AddressState} state of `DEFAULTS`
 * @param {Presets} presets
 * @param {{onPick: (picked: Set<number>, shown: number[]) => void}} listener
 */
export function mountRunTable({ table, filters, count, empty, none }, state, presets, { onPick }) {
  const body = table.tBodies[0];
  const heads = all(table, "th[data-column]");
  const allBox = one(table, "thead input", HTMLInputElement);
  /** @type {Map<number, ReturnType<typeof mountRow>>} */
  const rows = new Map();
  /** @type {Set<number>} */
  const picked = new Set();
  /** @type {Run[]} */
  let runs = [];
  let hasOlder = false;
  /** @type {number[]} the ids of the rows, as they are sorted */
  let shown = [];

  function repaint() {
    const { find, status, preset, sort, reverse } = state.get();
    const { value, isFallingFirst } = COLUMNS[sort];
    const isFalling = isFallingFirst !== reverse;
    const found = runs.filter((run) => isFound(run, { find, status, preset }, presets));
    // Negative ids, so that among equals the newest comes first.
    order(
      sorted(
        found.map((run) => ({ id: -run.id, run })),
        ({ run }) => value(run),
        isFalling,
      ).map(({ run }) => run),
    );
    for (const head of heads) {
      if (head.dataset.column === sort) head.setAttribute("aria-sort", isFalling ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    const isFiltered = find.trim() !== "" || status !== "" || preset !== "";
    table.hidden = found.length === 0;
    empty.hidden = runs.length > 0;
    filters.hidden = runs.length === 0;
    none.hidden = found.length > 0 || runs.length === 0;
    count.hidden = runs.length === 0;
    setText(count, countWords({ shown: found.length, known: runs.length, hasOlder, isFiltered }));
    showPicked();
  }

  /**
   * Rows keep their elements, so that the focus and a selection stay.
   *
   * @param {Run[]} found
   */
  function order(found) {
    const now = Date.now();
    for (const run of found) rowOf(run).show(textsOf(run, presets, now), run);
    const next = found.map((run) => run.id);
    if (next.length === shown.length && next.every((id, i) => id === shown[i])) return;
    shown = next;
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    const hadFocus = body.contains(focused);
    body.replaceChildren(...found.map((run) => rowOf(run).element));
    if (!hadFocus) return;
    (focused.isConnected ? focused : one(filters, "[name=find]")).focus({ preventScroll: true });
  }

  /** @param {Run} run */
  function rowOf({ id }) {
    const row = rows.get(id) ?? mountRow(id, (isPicked) => pick([id], isPicked));
    rows.set(id, row);
    return row;
  }

  /**
   * @param {Iterable<number>} ids
   * @param {boolean} isPicked
   */
  function pick(ids, isPicked) {
    for (const id of ids) {
      if (isPicked) picked.add(id);
      else picked.delete(id);
      rows.get(id)?.pick(isPicked);
    }
    showPicked();
  }

  function showPicked() {
    const count = shown.filter((id) => picked.has(id)).length;
    allBox.checked = count > 0 && count === shown.length;
    allBox.indeterminate = count > 0 && count < shown.length;
    onPick(picked, shown);
  }

  for (const head of heads) {
    one(head, "button").addEventListener("click", () => {
      const { sort, reverse } = state.get();
      const { column } = head.dataset;
      state.set(sort === column ? { reverse: !reverse } : { sort: column, reverse: false });
    });
  }
  allBox.addEventListener("change", () => pick(shown, allBox.checked));
  filters.addEventListener("submit", (event) => event.preventDefault());
  state.bind(filters);
  state.onChange(repaint);

  return {
    /**
     * @param {Run[]} known
     * @param {boolean} areOlder whether the server has older ones
     */
    show(known, areOlder) {
      [runs, hasOlder] = [known, areOlder];
      const ids = new Set(known.map(({ id }) => id));
      for (const id of rows.keys()) {
        if (ids.has(id)) continue;
        rows.delete(id);
        picked.delete(id);
      }
      repaint();
    },
    pickNone: () => pick([...picked], false),
    /** @param {number} id @returns {boolean} false when no row shows it */
    focus(id) {
      const isShown = shown.includes(id);
      if (isShown) rows.get(id)?.focus();
      return isShown;
    },
  };
}

/**
 * @param {number} id
 * @param {(isPicked: boolean) => void} onPick
 */
function mountRow(id, onPick) {
  const { element } = copyOf("run-row", { pickLabel: `Choose run ${id}` });
  const link = part(element, "link", HTMLAnchorElement);
  const box = part(element, "pick", HTMLInputElement);
  link.href = `runs/${id}`;
  box.addEventListener("change", () => onPick(box.checked));

  return {
    element,
    /**
     * @param {Record<string, string>} texts
     * @param {Run} run
     */
    show(texts, run) {
      for (const [name, text] of Object.entries(texts)) setText(part(element, name), text);
      part(element, "note").hidden = !run.note;
      part(element, "status").dataset.status = run.status;
    },
    /** @param {boolean} isPicked */
    pick(isPicked) {
      box.checked = isPicked;
    },
    focus: () => link.focus(),
  };
}
