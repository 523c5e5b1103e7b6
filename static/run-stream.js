/**
 * Follows the events of a run: each once and in order, however often the connection breaks.
 *
 * EventSource connects again by itself after a broken line and says which event it had last; it gives up for good
 * when something between here and the server answers instead. Then this module starts a new one, from the same event.
 */

const TYPES = ["cost", "epoch", "checkpoint", "rate", "pause", "resume", "end"];
const FIRST_RETRY = 1_000;
const LAST_RETRY = 8_000;

/**
 * @param {string} path of the events
 * @param {{onEvent: (type: string, data: any) => void, onConnection: (connected: boolean) => void}} listener
 */
export function followRun(path, { onEvent, onConnection }) {
  let last = 0;
  let failures = 0;
  let hasEnded = false;
  let timer = 0;
  /** @type {EventSource | null} */
  let source = null;

  function connect() {
    clearTimeout(timer);
    source?.close();
    hasEnded = false;
    source = new EventSource(last === 0 ? path : `${path}?after=${last}`);
    source.addEventListener("open", () => {
      failures = 0;
      onConnection(true);
    });
    source.addEventListener("error", broken);
    for (const type of TYPES) source.addEventListener(type, receive);
  }

  function receive({ type, data, lastEventId, target }) {
    if (target !== source) return;
    hasEnded = type === "end";
    if (!hasEnded) {
      const number = Number(lastEventId);
      if (number <= last) return; // told before the line broke
      last = number;
    } // the end is not counted: when the run is resumed, the resumption takes its place and its number
    onEvent(type, JSON.parse(data));
  }

  function broken() {
    // After `end` the server closes the stream. Waiting for that, and not closing at `end` itself, lets the story of
    // a run that was stopped and went on be told to its real end.
    if (hasEnded) {
      source.close();
      return;
    }
    onConnection(false);
    if (source.readyState === EventSource.CLOSED) {
      timer = setTimeout(connect, Math.min(LAST_RETRY, FIRST_RETRY * 2 ** failures));
      failures++;
    }
  }

  window.addEventListener("online", () => {
    if (!hasEnded && source.readyState !== EventSource.OPEN) connect();
  });
  // A browser allows six connections to a server: six forgotten tabs would leave none for drawing in a seventh.
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (hasEnded) return;
    if (document.hidden) source.close();
    else connect();
  });
  connect();

  return {
    /** Goes on listening after an end, for when the run was resumed. */
    goOn() {
      if (hasEnded) connect();
    },
  };
}
