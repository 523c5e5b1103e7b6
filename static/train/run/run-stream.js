/**
 * Follows the events of a run, each once and in order, while the page is visible.
 *
 * A browser allows six connections to a server: six tabs of a run would leave none for drawing in a seventh. So a hidden
 * page closes its stream. When it is visible again, it asks for the events after the last one that it has.
 *
 * EventSource reconnects by itself after a broken connection. It gives up for good when the answer is an error: of a
 * proxy whose server is away, or of a server that allows no more streams. Then this module makes a new one.
 */

import { reached } from "../../page/reached.js";

const TYPES = ["cost", "epoch", "checkpoint", "rate", "pause", "resume", "end"];
const FIRST_RETRY = 1_000;
const LAST_RETRY = 8_000;

/**
 * @param {string} path of the events
 * @param {{onEvent: (type: string, data: any) => void, onConnection: (connected: boolean) => void}} listener
 */
export function followRun(path, { onEvent, onConnection }) {
  let last = 0;
  let hasEnded = false;
  let failures = 0;
  let timer = 0;
  /** @type {EventSource | null} */
  let source = null;

  function connect() {
    close();
    if (hasEnded || document.hidden) return;
    source = new EventSource(last === 0 ? path : `${path}?after=${last}`);
    source.addEventListener("open", () => {
      failures = 0;
      reached();
      onConnection(true);
    });
    source.addEventListener("error", reconnect);
    for (const type of TYPES) source.addEventListener(type, receive);
  }

  /** @param {MessageEvent<string>} event */
  function receive({ type, data, lastEventId }) {
    const number = Number(lastEventId);
    if (number <= last) return; // sent again after the connection broke
    hasEnded = type === "end";
    // The end is not counted: when the run is resumed, the resumption takes its place and its number.
    if (!hasEnded) last = number;
    onEvent(type, JSON.parse(data));
  }

  function reconnect() {
    // The server closes the stream after `end`. A page that closed it first would miss that the run went on.
    if (hasEnded) {
      close();
      return;
    }
    onConnection(false);
    if (source?.readyState === EventSource.CLOSED) {
      timer = setTimeout(connect, Math.min(LAST_RETRY, FIRST_RETRY * 2 ** failures));
      failures++;
    }
  }

  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  window.addEventListener("online", () => source?.readyState !== EventSource.OPEN && connect());
  document.addEventListener("visibilitychange", connect);
  connect();

  return {
    /** Goes on listening after an end, for when the run was resumed. */
    goOn() {
      if (!hasEnded) return;
      hasEnded = false;
      connect();
    },
  };
}
