/** The table of runs: sorted and filtered as the address says, with a box in each row to choose it. */

import { sorted } from "../../page/sorted.js";
import { copyOf } from "../../page/template.js";
import { COLUMNS, countWords, isFound, textsOf } from "./run-table-rows.js";

/** What the address says of the table, as it is when it says nothing. */
export const DEFAULTS = { find: "", status: "", preset: "", sort: "run", reverse: false };
export const CHECKS = { sort: (name) => Object.hasOwn(COLUMNS, name) };

/**
 * @param {{table: HTMLTableElement, filters: HTMLFormElement, count: HTMLElement, empty: HTMLElement, none: HTMLElement}}
 *   parts `empty` is for no runs at all, `none` for none that the filter lets through
 * @param {import("../../page/address-state.js").AddressState} state of `DEFAULTS`
 * @param {{onPick: (picked: Set<number>, shown: number[]) => void}} listener
 */
export function mountRunTable({ table, filters, count, empty, none }, state, { onPick }) {
  const body = table.tBodies[0];
  const all = table.tHead.querySelector("input");
  /** @type {Map<number, ReturnType<typeof mountRow>>} */
  const rows = new Map();
  /** @type {Set<number>} */
  const picked = new Set();
  let runs = [];
  let hasOlder = false;
  /** @type {number[]} the ids of the rows, as they are sorted */
  let shown = [];

  function repaint() {
    const { find, status, preset, sort, reverse } = state.get();
    const { value, isFallingFirst } = COLUMNS[sort];
    const isFalling = isFallingFirst !== reverse;
    const found = runs.filter((run) => isFound(run, { find, status, preset }));
    // Ids the other way round, so that among equals the newest comes first.
    order(
      sorted(
        found.map((run) => ({ id: -run.id, run })),
        ({ run }) => value(run),
        isFalling,
      ).map(({ run }) => run),
    );
    for (const head of table.tHead.querySelectorAll("th[data-column]")) {
      if (head.dataset.column === sort) head.setAttribute("aria-sort", isFalling ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    const isFiltered = find.trim() !== "" || status !== "" || preset !== "";
    table.hidden = found.length === 0;
    empty.hidden = runs.length > 0;
    filters.hidden = runs.length === 0;
    none.hidden = found.length > 0 || runs.length === 0;
    count.hidden = runs.length === 0;
    const words = countWords({ shown: found.length, known: runs.length, hasOlder, isFiltered });
    if (count.textContent !== words) count.textContent = words;
    tellPicked();
  }

  /** Rows stay the elements that they are, so that a focus and a selection stay, and only what is new is painted. */
  function order(found) {
    const now = Date.now();
    for (const run of found) rowOf(run).show(run, now);
    const next = found.map((run) => run.id);
    if (next.length === shown.length && next.every((id, i) => id === shown[i])) return;
    shown = next;
    const { activeElement } = document;
    const hadFocus = body.contains(activeElement);
    body.replaceChildren(...next.map((id) => rows.get(id).element));
    if (!hadFocus) return;
    if (activeElement.isConnected) activeElement.focus({ preventScroll: true });
    else filters.elements.namedItem("find").focus({ preventScroll: true });
  }

  function rowOf(run) {
    if (!rows.has(run.id))
      rows.set(
        run.id,
        mountRow(run.id, (isPicked) => pick([run.id], isPicked)),
      );
    return rows.get(run.id);
  }

  function pick(ids, isPicked) {
    for (const id of ids) {
      if (isPicked) picked.add(id);
      else picked.delete(id);
      rows.get(id)?.pick(isPicked);
    }
    tellPicked();
  }

  function tellPicked() {
    const among = shown.filter((id) => picked.has(id)).length;
    all.checked = among > 0 && among === shown.length;
    all.indeterminate = among > 0 && among < shown.length;
    onPick(picked, shown);
  }

  for (const head of table.tHead.querySelectorAll("th[data-column]")) {
    head.querySelector("button").addEventListener("click", () => {
      const { sort, reverse } = state.get();
      const { column } = head.dataset;
      state.set(sort === column ? { reverse: !reverse } : { sort: column, reverse: false });
    });
  }
  all.addEventListener("change", () => pick(shown, all.checked));
  filters.addEventListener("submit", (event) => event.preventDefault());
  state.bind(filters);
  state.onChange(repaint);

  return {
    /**
     * @param {any[]} known
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
      if (isShown) rows.get(id).focus();
      return isShown;
    },
  };
}

/**
 * @param {number} id
 * @param {(isPicked: boolean) => void} onPick
 */
function mountRow(id, onPick) {
  const { element, part } = copyOf("run-row", { pickLabel: `Choose run ${id}` });
  const [link, box] = [part("link"), part("pick")];
  /** @type {Record<string, string>} */
  let texts = {};
  link.href = `runs/${id}`;
  box.addEventListener("change", () => onPick(box.checked));

  return {
    element,
    show(run, now) {
      const next = textsOf(run, now);
      for (const name of Object.keys(next)) if (next[name] !== texts[name]) part(name).textContent = next[name];
      texts = next;
      part("note").hidden = next.note === "";
      part("status").dataset.status = run.status;
    },
    pick(isPicked) {
      box.checked = isPicked;
    },
    focus: () => link.focus(),
  };
}
