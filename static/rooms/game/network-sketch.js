/** A small picture of the network's three layers: a phone's own neurons, the layer that computes, and who is done. */

const SVG = "http://www.w3.org/2000/svg";
const SIZES = [16, 16, 10];
const [PITCH, ROW, RADIUS, MARGIN, NUMBERS] = [18, 26, 6, 14, 14];

/** @param {HTMLElement} container */
export function mountSketch(container) {
  const width = SIZES[0] * PITCH;
  const picture = made("svg", { viewBox: `${-NUMBERS} 0 ${NUMBERS + width} ${SIZES.length * ROW}`, role: "img" });
  const circles = SIZES.map((size, i) => {
    const layer = made("g", { class: "sketch-layer" });
    const left = (width - size * PITCH) / 2 + PITCH / 2;
    const row = Array.from({ length: size }, (_, place) =>
      made("circle", { cx: String(left + place * PITCH), cy: String(i * ROW + MARGIN), r: String(RADIUS) }),
    );
    const number = made("text", { x: String(-NUMBERS), y: String(i * ROW + MARGIN + 4) });
    number.textContent = String(i + 1);
    layer.append(number, ...row);
    picture.append(layer);
    return row;
  });
  container.append(picture);

  return {
    /** @param {{held: string[], done: string[], layer: number, label: string}} shown the layer from 1 on, NaN for none */
    show({ held, done, layer, label }) {
      picture.setAttribute("aria-label", label);
      circles.forEach((row, i) => {
        row[0].parentElement?.classList.toggle("is-active", i + 1 === layer);
        row.forEach((circle, place) => {
          const name = `${i + 1}-${place}`;
          circle.classList.toggle("is-own", held.includes(name));
          circle.classList.toggle("is-done", done.includes(name));
        });
      });
    },
  };
}

/** @param {string} tag @param {Record<string, string>} attributes */
function made(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
