/** The lesson on the gradient: a landscape with paths down, and 13,002 slopes in the shape of the layers. */

import { addressState } from "../../page/address-state.js";
import { mountOwnDrawing } from "../../sheet/own-drawing.js";
import { DEFAULTS as LANDSCAPE, CHECKS as LANDSCAPE_CHECKS } from "./gradient-question.js";
import { mountSlopes, DEFAULTS as SLOPES, CHECKS as SLOPES_CHECKS } from "./gradient-slopes.js";
import { mountLandscape } from "./landscape.js";

const state = addressState({ ...LANDSCAPE, ...SLOPES }, { ...LANDSCAPE_CHECKS, ...SLOPES_CHECKS });
mountLandscape(document.querySelector(".landscape"), state);
const onDrawn = mountSlopes(document.querySelector(".slopes"), state);
mountOwnDrawing(document.getElementById("own-drawing"), state, onDrawn);
