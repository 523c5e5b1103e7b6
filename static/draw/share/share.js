/** The button that shares a drawing by its address: whoever opens it sees the strokes and their answer. */

import { copied } from "../../page/clipboard.js";
import { keepLoading } from "../../page/keep-loading.js";
import { part } from "../../page/part.js";
import { BLANK, isBlank } from "../../sheet/drawing.js";

/** @import {Drawing, Stroke} from "../../sheet/drawing.js" */

const COPIED = "Copied. Whoever opens this link sees your drawing and its answer.";
const TO_COPY = "Copy this link. Whoever opens it sees your drawing and its answer.";
const NO_PICTURE = "A link can hold what you draw, but no picture. Clear the sheet and draw, then share that.";
export const DAMAGED = "The drawing in this link is damaged. Ask for the link again, or draw a digit here.";

/**
 * @param {HTMLElement} element of the template share.html
 * @param {(text: string) => void} say announces
 */
export function mountShare(element, say) {
  const [button, box, said] = ["button", "box", "said"].map((name) => part(element, name));
  const field = part(element, "link", HTMLInputElement);
  let drawing = BLANK;
  /** @type {Promise<typeof import("./drawing-link.js")> | null} */
  let links = null;

  const loaded = () => {
    links ??= keepLoading(() => import("./drawing-link.js"));
    return links;
  };
  const isInAddress = () => new URLSearchParams(location.search).has("drawing");

  /** @param {boolean} isOpen */
  function open(isOpen) {
    box.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  }

  async function share() {
    const address = drawing.picture ? "" : (await loaded()).withDrawing(location.href, drawing.strokes);
    if (address) history.replaceState(history.state, "", address);
    const isCopied = address !== "" && (await copied(address));
    said.textContent = address === "" ? NO_PICTURE : isCopied ? COPIED : TO_COPY;
    say(said.textContent);
    field.value = address;
    field.hidden = address === "";
    open(true);
    if (address && !isCopied) field.select();
  }

  /** The address no longer has the drawing once it is another one. */
  async function followAddress() {
    const { hasDrawing, withDrawing } = await loaded();
    if (hasDrawing(location.href, drawing.strokes)) return;
    history.replaceState(history.state, "", withDrawing(location.href, []));
  }

  button.addEventListener("click", () => (box.hidden ? share() : open(false)));
  addEventListener("pointerdown", ({ target }) => element.contains(/** @type {Node} */ (target)) || open(false));
  element.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || box.hidden) return;
    open(false);
    button.focus();
  });

  return {
    /** After each change: @param {Drawing} next @param {boolean} settled */
    show(next, settled) {
      drawing = next;
      button.hidden = isBlank(drawing);
      open(false);
      // Loaded before the click: some browsers copy nothing a while after it.
      if (settled && !button.hidden) loaded();
      if (settled && isInAddress()) followAddress();
    },
    /** @returns {Promise<Stroke[] | null>} the drawing in the address: none where it has none, null for a damaged one */
    async opened() {
      return isInAddress() ? (await loaded()).drawingIn(location.href) : [];
    },
  };
}
