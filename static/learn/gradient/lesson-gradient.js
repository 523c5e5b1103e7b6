/** The lesson on the gradient: a landscape with paths down, and the 13,002 slopes in the shape of the layers. */

import { addressState } from "../../page/address-state.js";
import { CHECKS as LANDSCAPE_CHECKS, DEFAULTS as LANDSCAPE } from "./gradient-question.js";
import { CHECKS as SLOPES_CHECKS, DEFAULTS as SLOPES, mountSlopes } from "./gradient-slopes.js";
import { mountLandscape } from "./landscape.js";
import { mountOwnDrawing } from "../../sheet/own-drawing.js";

const state = addressState({ ...LANDSCAPE, ...SLOPES }, { ...LANDSCAPE_CHECKS, ...SLOPES_CHECKS });
mountLandscape(document.querySelector(".landscape"), state);
const onDrawn = mountSlopes(document.querySelector(".slopes"), state);
mountOwnDrawing(document.querySelector("#own-drawing"), state, onDrawn);
