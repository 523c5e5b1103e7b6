/** The table behind a chart: filled when it is opened, for whoever reads numbers rather than lines. */

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
 * At most so many of the items, evenly chosen, the first and the last among them.
 *
 * @template T
 * @param {T[]} items
 * @param {number} most
 * @returns {T[]}
 */
export function evenly(items, most) {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]);
}

function cellOf(kind, text, scope) {
  const cell = document.createElement(kind);
  cell.textContent = text;
  if (scope) cell.scope = scope;
  return cell;
}
