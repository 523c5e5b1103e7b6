/** The buttons and keys that undo, redo and clear a drawing. */

import { all } from "../page/elements.js";
import { isBlank } from "./drawing.js";

/** @typedef {"undo" | "redo" | "clear"} Action */

const DONE = { undo: "Undone", redo: "Redone", clear: "Cleared" };

/**
 * @param {HTMLElement} group with a button for each action that there is, by its `data-action`
 * @param {EventTarget} area in which the keys work
 * @param {import("./drawing-pad.js").DrawingPad} pad
 * @param {(text: string) => void} say announces what was done
 */
export function mountSheetTools(group, area, pad, say) {
  const buttons = all(group, "[data-action]").filter(({ dataset }) => dataset.action in DONE);
  const actionOf = (/** @type {HTMLElement} */ button) => /** @type {Action} */ (button.dataset.action);

  /** @param {Action | null} action */
  function act(action) {
    const button = buttons.find((one) => actionOf(one) === action);
    if (!button) return false;
    if (button.ariaDisabled === "true") return true;
    pad[action]();
    // With a count, since screen readers don't repeat an unchanged text.
    say(action === "clear" ? DONE.clear : `${DONE[action]}, strokes: ${pad.drawing.strokes.length}`);
    return true;
  }

  for (const button of buttons) button.addEventListener("click", () => act(actionOf(button)));
  area.addEventListener("keydown", (event) => {
    if (act(actionOfKey(/** @type {KeyboardEvent} */ (event)))) event.preventDefault();
  });

  return {
    /** After each change of the drawing. */
    show() {
      const can = { undo: pad.canUndo, redo: pad.canRedo, clear: !isBlank(pad.drawing) };
      // Not `disabled`, which would lose the focus of keyboard users.
      for (const button of buttons) button.ariaDisabled = String(!can[actionOf(button)]);
    },
  };
}

/**
 * @param {KeyboardEvent} event
 * @returns {Action | null}
 */
export function actionOfKey({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (altKey) return null;
  if (!ctrlKey && !metaKey) return key === "Delete" ? "clear" : null;
  if (key.toLowerCase() === "z") return shiftKey ? "redo" : "undo";
  return key.toLowerCase() === "y" && !shiftKey ? "redo" : null;
}
