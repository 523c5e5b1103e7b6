/**
 * The stream of a run's events, however often the connection breaks.
 *
 * EventSource connects again by itself after a broken line and says which event it had last; it gives up for good
 * when something between here and the server answers instead, or the server has no place for one more. Then this
 * module starts a new one, from the same event.
 */

const TYPES = ["cost", "epoch", "checkpoint", "rate", "pause", "resume", "end"];
const FIRST_RETRY = 1_000;
const LAST_RETRY = 8_000;

/**
 * @param {string} path of the events
 * @param {{
 *   last: () => number,
 *   onEvent: (type: string, data: any, number: number) => void,
 *   onConnection: (connected: boolean) => void,
 * }} listener `last` is the number of the event to go on after
 */
export function openSource(path, { last, onEvent, onConnection }) {
  let failures = 0;
  let hasEnded = false;
  let timer = 0;
  /** @type {EventSource | null} */
  let source = null;

  function connect() {
    close();
    hasEnded = false;
    source = new EventSource(last() === 0 ? path : `${path}?after=${last()}`);
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
    onEvent(type, JSON.parse(data), Number(lastEventId));
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

  function close() {
    clearTimeout(timer);
    source?.close();
  }

  return {
    connect,
    close,
    /** Connects now if it would later. */
    hurry() {
      if (!hasEnded && source?.readyState !== EventSource.OPEN) connect();
    },
  };
}
