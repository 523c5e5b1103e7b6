/** The lesson "network". */

import { addressState } from "./address-state.js";
import { percent } from "./format.js";
import { mountOwnDrawing } from "./own-drawing.js";

const answer = document.querySelector(".lesson-stage [data-part=answer]");

const state = addressState({ example: 7, drawing: "" });
mountOwnDrawing(document.querySelector("#own-drawing"), state, (input) => {
  answer.textContent = input ? `${input.digit}, ${percent(input.confidence)} sure` : "";
});
