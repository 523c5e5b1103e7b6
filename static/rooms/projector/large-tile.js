/** One drawing, large, in a dialog. It closes when the drawing leaves the wall. */

import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { longAnswer, pictureOf, shortAnswer } from "../tile.js";

/**
 * @import {WallDrawing} from "../../page/room-stream.js"
 * @import {Author} from "./wall.js"
 */

/** @param {HTMLDialogElement} dialog */
export function mountLargeTile(dialog) {
  const [picture, answer, words] = ["picture", "answer", "words"].map((name) => part(dialog, name));
  let shown = 0;

  function empty() {
    shown = 0;
    for (const element of [picture, answer, words]) element.replaceChildren();
  }

  // After Escape too; and a click beside it closes it.
  dialog.addEventListener("close", empty);
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());

  return {
    get drawing() {
      return shown;
    },
    /**
     * @param {WallDrawing} drawing
     * @param {Author} author
     */
    open(drawing, author) {
      shown = drawing.id;
      picture.replaceChildren(pictureOf(drawing.strokes ?? []));
      this.update(drawing, author);
      dialog.showModal();
    },
    /**
     * @param {WallDrawing | undefined} drawing as it is now
     * @param {Author} author
     */
    update(drawing, author) {
      if (drawing?.place !== "up") {
        // The browser says "close" a little later: what is hidden is gone at once.
        empty();
        dialog.close();
        return;
      }
      setText(answer, shortAnswer(drawing));
      setText(words, `${longAnswer(drawing, author.name)}.`);
    },
  };
}
