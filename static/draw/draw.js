/** The draw page: joins the sheet, its pens, the asker and the answer. */

import { mountAnswerView } from "../network/answer-view.js";
import { mountAnnouncer } from "../page/announcer.js";
import { postPicture } from "../page/api.js";
import { Asker } from "../page/asker.js";
import { one } from "../page/elements.js";
import { part } from "../page/part.js";
import { isBlank } from "../sheet/drawing.js";
import { mountDrawingPad } from "../sheet/drawing-pad.js";
import { toBlob } from "../sheet/ink.js";
import { mountKeyboardPen } from "../sheet/keyboard-pen.js";
import { mountPictureInput } from "../sheet/picture-input.js";
import { mountPointerPen } from "../sheet/pointer-pen.js";
import { mountSheetTools } from "../sheet/sheet-tools.js";
import { mountInside } from "./inside.js";
import { mountServedBy } from "./served-by.js";
import { mountSeveral } from "./several/several.js";

const canvas = one(document, "#pad", HTMLCanvasElement);
const sheet = canvas.parentElement;
const group = part(document, "tools");

const view = mountAnswerView(one(document, "#answer"), one(document, "#answer-announcement"));
const servedBy = mountServedBy(
  {
    line: one(document, "#served-by"),
    choice: one(document, "#network-choice"),
    notice: one(document, "#network-notice"),
  },
  () => (isBlank(pad.drawing) ? inside.blank() : asker.ask(pad.drawing, true)),
);

const inside = mountInside(one(document, ".inside"), {
  get network() {
    return servedBy.name;
  },
  choose: servedBy.choose,
  lay(picture) {
    pictures.put(picture);
    sheet.scrollIntoView({ block: "nearest" }); // it lies far above where the picture was chosen
  },
});

const several = mountSeveral(
  one(document, "#several"),
  (picture, signal) =>
    postPicture(`predict?model=${encodeURIComponent(servedBy.name)}&several=true&explain=true`, picture, signal),
  view.leadWith,
);

const asker = new Asker(predict, (outcome) => {
  several.hide();
  if (outcome.kind === "answered") {
    const { answer, picture, drawing } = outcome.answer;
    view.answered(answer);
    servedBy.answered(answer);
    inside.answered({ answer, picture, settled: !pad.isDrawing });
    if (!pad.isDrawing) several.answered(answer, drawing, picture);
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

const pad = mountDrawingPad(canvas, (settled) => {
  const blank = isBlank(pad.drawing);
  sheet.classList.toggle("is-blank", blank);
  sheet.classList.toggle("has-hidden-picture", pad.drawing.picture?.bitmap === null);
  tools.show();
  if (blank) {
    asker.forget();
    view.blank();
    several.hide();
    inside.blank();
  } else asker.ask(pad.drawing, settled);
});

const say = mountAnnouncer(one(document, "#pad-status"), 500);
const tools = mountSheetTools(group, document, pad, say);
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
  (detail) => {
    several.hide();
    view.refused(detail);
  },
);

addEventListener("online", () => asker.retry());
