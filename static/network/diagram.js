/**
 * The section "diagram" of the draw page: the network, lit by the drawing, and one of its neurons in
 * numbers. It is painted at most once a frame, from the latest answer.
 */

import { mountChartTable } from "../charts/chart-table.js";
import { mountHeatMap } from "../charts/heat-map.js";
import { mountAnnouncer } from "../page/announcer.js";
import { contextOf } from "../page/canvas.js";
import { capitalized, percent } from "../page/format.js";
import { part } from "../page/part.js";
import { onNewColours } from "../page/repainting.js";
import { setText } from "../page/text.js";
import { Edges } from "./diagram-edges.js";
import { layOut } from "./diagram-layout.js";
import { mountNeurons } from "./diagram-neurons.js";
import { diagramColours, MAX_NEURONS, paintActivity, paintAtRest, paintMesh } from "./diagram-paint.js";
import { fixed, mountPanel } from "./diagram-panel.js";
import { mountParameters } from "./diagram-parameters.js";
import { exactly, weightedInput } from "./diagram-sum.js";
import { kindOf, piecesOf } from "./kinds.js";
import { neuronName, pixelName } from "./parameter-name.js";

const SIDE = 28;
const CLASSIC = [SIDE * SIDE, 16, 16, 10];
const BLANK = new Array(SIDE * SIDE).fill(0);

/**
 * @param {HTMLElement} body
 * @param {{choose: (network: string) => void} | null} page null where there is no other network to choose
 * @param {(onChange: () => void) => {trouble: string, of: (answer: any) => any}} [source] of the parameters that led to
 *   an answer; by default those of the served network
 */
export function mount(body, page, source = mountParameters) {
  const [view, stage, words, trouble, sentence, toClassic, unpin] = [
    ...["view", "stage", "words", "trouble", "sentence", "classic", "unpin"],
  ].map((name) => part(body, name));
  const canvas = part(body, "edges", HTMLCanvasElement);
  const context = contextOf(canvas);
  const mesh = document.createElement("canvas");
  const wordsAtRest = words.textContent;
  const say = mountAnnouncer(part(body, "spoken"), 300);
  const edges = new Edges();

  /** @type {any} the answer that is shown */
  let answer = null;
  let sizes = CLASSIC;
  /** @type {import("./diagram-layout.js").Layout | null} */
  let layout = null;
  let colours = null;
  let fontFamily = "";
  /** @type {number | null} the pixel that is looked at */
  let pixel = null;
  let frame = 0;

  const parameters = source(() => {
    table.refresh();
    repaintSoon();
  });
  const panel = mountPanel(part(body, "panel"));
  const neurons = mountNeurons(part(body, "neurons"), () => {
    const { focused } = neurons;
    if (focused && answer) say(spokenOf(focused));
    repaintSoon();
  });
  const table = mountChartTable(part(body, "table", HTMLDetailsElement), tableOf);
  const picture = mountHeatMap(part(body, "picture"), {
    label: "The input, 28 by 28 pixels. Arrow keys move. Now:",
    columns: SIDE,
    rows: SIDE,
    onPick() {}, // the pictures are only shown
    onHover(index) {
      pixel = answer ? index : null;
      words.textContent = pixel === null ? wordsAtRest : wordsOf(pixel, answer.input[pixel]);
      repaintSoon();
    },
    describe: (index, activation) => (answer ? wordsOf(index, activation) : ""),
  });

  function repaintSoon() {
    if (frame === 0) frame = requestAnimationFrame(repaint);
  }

  function repaint() {
    frame = 0;
    if (!layout) return;
    const { width, height } = layout;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(mesh, 0, 0);
    context.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
    const known = answer && parameters.of(answer);
    showState(known);
    if (!answer) {
      paintAtRest(context, layout, colours);
      return;
    }
    const chosen = neurons.chosen;
    const content = {
      activations: answer.activations,
      pixelEdges: known ? edges.fromPixels(known, answer.input, { chosen, pixel }) : { edges: [], full: 0 },
      products: known ? edges.between(known, answer.activations) : [],
      chosen,
      isPixelChosen: pixel !== null,
      labels: answer.probabilities.map(percent),
      digit: answer.digit,
    };
    paintActivity(context, layout, content, colours, fontFamily);
    if (known) panel.show(known, chosen ?? { layer: sizes.length - 1, neuron: answer.digit }, answer);
  }

  function showState(known) {
    const { pinned } = neurons;
    const state = answer ? (known ? "shown" : "waiting") : sentence.textContent ? "refused" : "blank";
    if (view.dataset.state !== state) view.dataset.state = state; // avoids a needless layout
    unpin.hidden = pinned === null;
    if (answer) explain(known ? "" : parameters.trouble, false);
  }

  /**
   * @param {string} text why the network, or its weights, can't be shown
   * @param {boolean} canChoose whether to offer another network
   */
  function explain(text, canChoose) {
    setText(sentence, text);
    trouble.hidden = text === "";
    toClassic.hidden = !canChoose;
  }

  function relayOut() {
    const { clientWidth: width, clientHeight: height } = stage;
    if (width === 0) return;
    layout = layOut(sizes, { width, height });
    const density = devicePixelRatio;
    canvas.width = mesh.width = Math.round(width * density);
    canvas.height = mesh.height = Math.round(height * density);
    putAt(part(body, "picture"), { ...layout.picture, width: layout.picture.side });
    putAt(words, layout.words);
    neurons.place(sizes, layout);
    recolour();
  }

  function recolour() {
    colours = diagramColours(stage);
    fontFamily = getComputedStyle(stage).fontFamily;
    const brush = contextOf(mesh);
    brush.setTransform(1, 0, 0, 1, 0, 0);
    brush.clearRect(0, 0, mesh.width, mesh.height);
    brush.setTransform(mesh.width / layout.width, 0, 0, mesh.height / layout.height, 0, 0);
    paintMesh(brush, layout, colours);
    repaintSoon();
  }

  function spokenOf({ layer, neuron }) {
    return `activation ${fixed(answer.activations[layer - 1][neuron])}`;
  }

  function tableOf() {
    const head = ["Neuron", "weighted input z", "activation"];
    const known = answer && parameters.of(answer);
    if (!answer) return { head, rows: [] };
    const rows = answer.activations.flatMap((activations, i) =>
      activations.map((activation, neuron) => {
        const name = neuronName(i + 1, neuron, sizes);
        if (!known) return [name, "–", fixed(activation)];
        const inputs = i === 0 ? answer.input : answer.activations[i - 1];
        const sum = weightedInput(known.layers[i], neuron, inputs);
        return [name, fixed(exactly(piecesOf(kindOf(known, i + 1)), activation, sum)), fixed(activation)];
      }),
    );
    return { head, rows };
  }

  function forget() {
    answer = pixel = null;
    words.textContent = wordsAtRest;
    picture.show(BLANK, { signed: false, scale: 1 });
    table.refresh();
    repaintSoon();
  }

  body.addEventListener("keydown", (event) => {
    if (event.key === "Escape") neurons.free();
  });
  unpin.addEventListener("click", () => {
    const { pinned } = neurons;
    neurons.free();
    neurons.focus(pinned); // the button goes, and the focus would with it
  });
  toClassic.addEventListener("click", () => {
    body.closest("details").querySelector("summary").focus(); // the button goes
    page.choose("classic");
  });
  new ResizeObserver(relayOut).observe(stage);
  onNewColours(() => layout && recolour());

  return {
    show({ answer: next, settled }) {
      const counts = next.activations.map((layer) => layer.length);
      const largest = Math.max(...counts);
      if (largest > MAX_NEURONS) {
        forget();
        const why = `“${next.model}” has ${largest} neurons in one layer, too many to draw one by one.`;
        explain(next.model === "classic" ? why : `${why} To look inside, choose classic.`, next.model !== "classic");
        return;
      }
      answer = next;
      picture.show(answer.input, { signed: false, scale: 1 });
      if (pixel !== null) words.textContent = wordsOf(pixel, answer.input[pixel]);
      if (String([SIDE * SIDE, ...counts]) !== String(sizes)) {
        sizes = [SIDE * SIDE, ...counts];
        relayOut();
      }
      if (settled) table.refresh();
      repaintSoon();
    },
    blank() {
      forget();
      explain("", false);
    },
  };
}

function wordsOf(pixel, activation) {
  return `${capitalized(pixelName(pixel))}: activation ${fixed(activation, 2)}`;
}

function putAt({ style }, { x, y, width }) {
  style.left = `${x}px`;
  style.top = `${y}px`;
  style.width = `${width}px`;
}
