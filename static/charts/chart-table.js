/** The numbers of a chart as a table, which is filled when it is opened. */

/**
 * @param {HTMLDetailsElement | null} details with a summary; nothing happens without one
 * @param {() => {head: string[], rows: string[][]}} read the first column names its row
 */
export function mountChartTable(details, read) {
  if (!details) return { refresh() {} };
  const holder = details.appendChild(document.createElement("div"));
  holder.className = "chart-table-holder";
  holder.tabIndex = 0;
  holder.setAttribute("role", "group");
  holder.setAttribute("aria-label", details.querySelector("summary").textContent);

  function refresh() {
    if (!details.open) return;
    const { head, rows } = read();
    const table = document.createElement("table");
    table.className = "numbers";
    const top = table.createTHead().insertRow();
    for (const text of head) top.append(cellOf("th", text, "col"));
    const body = table.createTBody();
    for (const [name, ...numbers] of rows) {
      const row = body.insertRow();
      row.append(cellOf("th", name, "row"), ...numbers.map((text) => cellOf("td", text)));
    }
    holder.replaceChildren(table);
  }

  details.addEventListener("toggle", refresh);
  return { refresh };
}

/**
 * At most `max` of the items, evenly spaced, with the first and the last.
 *
 * @template T
 * @param {T[]} items
 * @param {number} max
 * @returns {T[]}
 */
export function evenly(items, max) {
  if (items.length <= max) return items;
  return Array.from({ length: max }, (_, i) => items[Math.round((i * (items.length - 1)) / (max - 1))]);
}

function cellOf(kind, text, scope) {
  const cell = document.createElement(kind);
  cell.textContent = text;
  if (scope) cell.scope = scope;
  return cell;
}
