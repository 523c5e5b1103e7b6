/** Follows the events of a run, each once and in order, while the page is visible. */

import { keepOpen } from "../../page/event-stream.js";

const TYPES = ["cost", "epoch", "checkpoint", "rate", "pause", "resume", "end"];

/**
 * @param {string} path of the events
 * @param {{onEvent: (type: string, data: any) => void, onConnection: (connected: boolean) => void}} listener
 */
export function followRun(path, { onEvent, onConnection }) {
  let last = 0;
  // The server closes the stream after `end`. A page that closed it first would miss that the run went on.
  let hasEnded = false;

  /** @param {MessageEvent<string>} event */
  function receive({ type, data, lastEventId }) {
    const number = Number(lastEventId);
    if (number <= last) return; // sent again after the connection broke
    hasEnded = type === "end";
    // The end is not counted: when the run is resumed, the resumption takes its place and its number.
    if (!hasEnded) last = number;
    onEvent(type, JSON.parse(data));
  }

  const stream = keepOpen(path, {
    types: TYPES,
    onEvent: receive,
    last: () => last,
    hasEnded: () => hasEnded,
    onConnection,
  });

  return {
    /** Goes on listening after an end, for when the run was resumed. */
    goOn() {
      if (!hasEnded) return;
      hasEnded = false;
      stream.connect();
    },
  };
}
