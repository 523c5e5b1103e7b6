/**
 * The neurons as buttons over the picture. Arrow keys move between them, a click or Enter pins one, Escape unpins it.
 *
 * @typedef {import("./diagram-paint.js").Neuron} Neuron
 * @typedef {import("./diagram-layout.js").Layout} Layout
 */

import { capitalized } from "../page/format.js";
import { copyOf } from "../page/template.js";
import { neuronAfter } from "./diagram-layout.js";
import { neuronName } from "./parameter-name.js";

/**
 * @param {HTMLElement} group that gets the buttons
 * @param {() => void} onChange after another neuron is looked at, or pinned or freed
 */
export function mountNeurons(group, onChange) {
  let sizes = [];
  let isWide = true;
  /** @type {HTMLButtonElement[][]} of the layers after the input */
  let buttons = [];
  /** @type {Record<"hovered" | "focused" | "pinned", Neuron | null>} */
  const now = { hovered: null, focused: null, pinned: null };
  /** @type {Neuron} the one that Tab leads to */
  let stop = { layer: 1, neuron: 0 };

  const buttonOf = ({ layer, neuron }) => buttons[layer - 1][neuron];

  /** @param {EventTarget} target */
  function neuronOf(target) {
    const button = /** @type {Element} */ (target).closest("button");
    return button ? { layer: Number(button.dataset.layer), neuron: Number(button.dataset.neuron) } : null;
  }

  function become(changes) {
    const isSame = Object.keys(changes).every((name) => isSameNeuron(changes[name], now[name]));
    if (isSame) return;
    Object.assign(now, changes);
    showStates();
    onChange();
  }

  function showStates() {
    for (const button of buttons.flat()) {
      const neuron = neuronOf(button);
      button.ariaPressed = String(isSameNeuron(neuron, now.pinned));
      button.tabIndex = isSameNeuron(neuron, stop) ? 0 : -1;
    }
  }

  function build() {
    now.hovered = now.focused = now.pinned = null;
    stop = { layer: 1, neuron: 0 };
    buttons = sizes.slice(1).map((count, i) =>
      Array.from({ length: count }, (_, neuron) => {
        const button = /** @type {HTMLButtonElement} */ (copyOf("diagram-neuron", {}).element);
        button.ariaLabel = capitalized(neuronName(i + 1, neuron, sizes));
        button.dataset.layer = String(i + 1);
        button.dataset.neuron = String(neuron);
        return button;
      }),
    );
    group.replaceChildren(...buttons.flat());
    showStates();
  }

  group.addEventListener("pointerover", ({ target }) => become({ hovered: neuronOf(target) }));
  group.addEventListener("pointerout", ({ relatedTarget }) => {
    if (!group.contains(/** @type {Node | null} */ (relatedTarget))) become({ hovered: null });
  });
  group.addEventListener("focusin", ({ target }) => {
    stop = neuronOf(target);
    showStates();
    // A click also focuses, but then the neuron is pinned.
    if (/** @type {Element} */ (target).matches(":focus-visible")) become({ focused: stop });
  });
  group.addEventListener("focusout", () => become({ focused: null }));
  group.addEventListener("click", ({ target }) => {
    const neuron = neuronOf(target);
    if (neuron) become({ pinned: isSameNeuron(neuron, now.pinned) ? null : neuron });
  });
  group.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const next = neuronAfter(event.key, stop, sizes, isWide);
    if (!next) return;
    event.preventDefault();
    buttonOf(next).focus();
  });

  return {
    /** The selected neuron, or null. */
    get chosen() {
      return now.hovered ?? now.focused ?? now.pinned;
    },
    get pinned() {
      return now.pinned;
    },
    get focused() {
      return now.focused;
    },
    free() {
      become({ pinned: null });
    },
    /** Puts the focus on a neuron: @param {Neuron} neuron */
    focus(neuron) {
      buttonOf(neuron).focus();
    },
    /**
     * @param {number[]} nextSizes
     * @param {Layout} layout
     */
    place(nextSizes, layout) {
      isWide = layout.isWide;
      if (String(nextSizes) !== String(sizes)) {
        sizes = nextSizes;
        build();
      }
      for (const [i, { xs, ys, radius, reach }] of layout.columns.entries()) {
        for (const [n, { style }] of buttons[i].entries()) {
          style.left = `${xs[n] - reach.width / 2}px`;
          style.top = `${ys[n] - reach.height / 2}px`;
          style.width = `${reach.width}px`;
          style.height = `${reach.height}px`;
          style.setProperty("--ring", `${2 * radius + 6}px`);
        }
      }
    },
  };
}

/**
 * @param {Neuron | null} one
 * @param {Neuron | null} other
 */
function isSameNeuron(one, other) {
  return one?.layer === other?.layer && one?.neuron === other?.neuron;
}
