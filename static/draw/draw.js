/** The draw page: joins the sheet, its pens, the asker and the answer. */

import { mountAnswerView } from "../network/answer-view.js";
import { mountSmallPicture } from "../network/small-picture.js";
import { mountAnnouncer } from "../page/announcer.js";
import { postPicture } from "../page/api.js";
import { Asker } from "../page/asker.js";
import { one } from "../page/elements.js";
import { part } from "../page/part.js";
import { whenReached } from "../page/reached.js";
import { isBlank, labelOf } from "../sheet/drawing.js";
import { mountDrawingPad } from "../sheet/drawing-pad.js";
import { toBlob } from "../sheet/ink.js";
import { keepDrawing, keptDrawing } from "../sheet/kept-drawing.js";
import { mountKeyboardPen } from "../sheet/keyboard-pen.js";
import { mountPictureInput } from "../sheet/picture-input.js";
import { mountPointerPen } from "../sheet/pointer-pen.js";
import { mountSheetTools } from "../sheet/sheet-tools.js";
import { noteOn } from "./answer-note.js";
import { mountCorrection } from "./corrections/correction.js";
import { mountGhost } from "./ghost/ghost.js";
import { mountInside } from "./inside.js";
import { mountServedBy } from "./served-by.js";
import { mountSeveral } from "./several/several.js";
import { DAMAGED, mountShare } from "./share/share.js";

const canvas = one(document, "#pad", HTMLCanvasElement);
const sheet = canvas.parentElement;
const group = part(document, "tools");

const view = mountAnswerView(one(document, "#answer"), one(document, "#answer-announcement"));
const lit = mountSmallPicture(one(document, "#lit-network"));
const servedBy = mountServedBy(
  {
    line: one(document, "#served-by"),
    choice: one(document, "#network-choice"),
    notice: one(document, "#network-notice"),
    takeHome: one(document, "#take-home"),
  },
  () => (isBlank(pad.drawing) ? inside.blank() : asker.ask(pad.drawing, true)),
);

const inside = mountInside(one(document, ".inside"), {
  get network() {
    return servedBy.name;
  },
  choose: servedBy.choose,
  lay(picture, known) {
    pictures.put(picture, known?.label);
    sheet.scrollIntoView({ block: "nearest" }); // it lies far above where the picture was chosen
  },
});

const several = mountSeveral(
  one(document, "#several"),
  (picture, signal) =>
    postPicture(`predict?model=${encodeURIComponent(servedBy.name)}&several=true&explain=true`, picture, signal),
  (...number) => {
    view.leadWith(...number);
    correction.hide();
  },
);

const correction = mountCorrection(document.querySelector("#correction"), () => servedBy.name);

let stopWaiting = () => {};
const asker = new Asker(predict, (outcome) => {
  stopWaiting();
  several.hide();
  if (outcome.kind === "answered") {
    const { answer, picture, drawing } = outcome.answer;
    const [label, settled] = [labelOf(drawing), !pad.isDrawing];
    view.answered(answer, settled ? noteOn(answer, label) : ""); // part of a digit is no digit yet
    lit.show(answer);
    servedBy.answered(answer);
    inside.answered({ answer, picture, label, settled });
    if (settled && label === null) several.answered(answer, drawing, picture);
  } else if (outcome.kind === "refused") view.refused(outcome.detail);
  else view.unreachable();
});

async function predict(drawing, signal) {
  const picture = await toBlob(drawing);
  const ask = async () => {
    const path = `predict?model=${encodeURIComponent(servedBy.name)}&explain=true`;
    return { answer: await postPicture(path, picture, signal), picture, drawing };
  };
  try {
    return await ask();
  } catch (error) {
    if (error.status === 404 && servedBy.fallBack(error.detail)) return ask();
    throw error;
  }
}

// Nothing of it is announced.
const ghostView = mountAnswerView(one(document, "#answer"), null);
const ghost = mountGhost(sheet, predict, (answer) => {
  if (answer) ghostView.answered(answer);
  else ghostView.blank();
  lit.show(answer);
});

const pad = mountDrawingPad(canvas, (settled) => {
  ghost.end();
  const blank = isBlank(pad.drawing);
  sheet.classList.toggle("is-blank", blank);
  sheet.classList.toggle("has-hidden-picture", pad.drawing.picture?.bitmap === null);
  tools.show();
  correction.show(pad.drawing);
  share.show(pad.drawing, settled);
  if (settled) keepDrawing(pad.drawing);
  if (blank) {
    asker.forget();
    view.blank();
    lit.show(null);
    several.hide();
    inside.blank();
  } else asker.ask(pad.drawing, settled);
});

const say = mountAnnouncer(one(document, "#pad-status"), 500);
const tools = mountSheetTools(group, document, pad, say);
const share = mountShare(one(document, "#share"), say);
mountPointerPen(canvas, pad);
mountKeyboardPen(canvas, pad, say);
const pictures = mountPictureInput(
  {
    canvas,
    button: one(group, "[data-action=upload]"),
    input: one(document, "#upload", HTMLInputElement),
    examples: one(document, ".examples"),
  },
  pad.lay,
  (detail, isPassing) => {
    ghost.end();
    stopWaiting();
    several.hide();
    view.refused(detail);
    if (!isPassing) return;
    stopWaiting = whenReached(() => (isBlank(pad.drawing) ? view.blank() : asker.ask(pad.drawing, true)));
  },
);

addEventListener("online", () => asker.retry());
// The browser may bring the whole page back, after another page has kept another drawing.
addEventListener("pageshow", ({ persisted }) => persisted && keepDrawing(pad.drawing));
const shared = await share.opened();
const first = shared?.length === 0 ? await keptDrawing() : shared && { picture: null, strokes: shared };
if (first && isBlank(pad.drawing)) pad.show(first);
else if (shared === null) view.refused(DAMAGED);
else ghost.begin();
