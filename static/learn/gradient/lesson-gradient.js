/** The lesson on the gradient: a landscape with paths down, and 13,002 slopes in the shape of the layers. */

import { addressState } from "../../page/address-state.js";
import { one } from "../../page/elements.js";
import { mountOwnDrawing } from "../../sheet/own-drawing.js";
import { mountPredictions } from "../predict/predictions.js";
import { gradientPredictions } from "./gradient-predictions.js";
import { DEFAULTS as LANDSCAPE, CHECKS as LANDSCAPE_CHECKS } from "./gradient-question.js";
import { mountSlopes, DEFAULTS as SLOPES, CHECKS as SLOPES_CHECKS } from "./gradient-slopes.js";
import { mountLandscape } from "./landscape.js";

const state = addressState({ ...LANDSCAPE, ...SLOPES }, { ...LANDSCAPE_CHECKS, ...SLOPES_CHECKS });
const slopes = one(document, ".slopes", HTMLElement);
/** @type {import("./gradient-slopes.js").Found | null} */
let found = null;
const landscape = mountLandscape(one(document, ".landscape"), state, () => showOutcome());
const onDrawn = mountSlopes(slopes, state, (newest) => {
  found = newest;
  showOutcome();
});
mountOwnDrawing(document.getElementById("own-drawing"), state, onDrawn);
const showOutcome = mountPredictions(gradientPredictions({ state, landscape, slopes, found: () => found }));
