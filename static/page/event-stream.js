/**
 * Keeps a stream of server-sent events open while the page is visible, and connects again after a cut.
 *
 * A browser allows six connections to a server: six tabs of a run would leave none for drawing in a seventh. So a hidden
 * page closes its stream. When it is visible again, it asks for the events after the last one that it has.
 *
 * EventSource reconnects by itself after a broken connection. It gives up for good when the answer is an error, and
 * doesn't say which: of a proxy whose server is away, or of a server that allows no more streams. Then this module makes
 * a new one.
 */

import { reached } from "./reached.js";

const FIRST_RETRY = 1_000;
const LAST_RETRY = 8_000;

/**
 * @param {string} path of the events
 * @param {object} options
 * @param {string[]} options.types of the events
 * @param {(event: MessageEvent<string>) => void} options.onEvent
 * @param {() => number} options.last the number of the last event, after which it goes on; 0 for the start
 * @param {() => boolean} options.hasEnded whether no more events are wanted
 * @param {(connected: boolean) => void} options.onConnection
 * @param {() => Promise<number>} [options.askWhy] asks after an error for the status of the refusal, 0 for none
 * @param {(status: number) => boolean} [options.isFinal] whether not to try again after that status
 */
export function keepOpen(path, options) {
  const { types, onEvent, last, hasEnded, onConnection, askWhy = async () => 0, isFinal = () => false } = options;
  let failures = 0;
  let timer = 0;
  /** @type {EventSource | null} */
  let source = null;

  function connect() {
    close();
    if (hasEnded() || document.hidden) return;
    source = new EventSource(last() === 0 ? path : `${path}?after=${last()}`);
    source.addEventListener("open", () => {
      failures = 0;
      reached();
      onConnection(true);
    });
    source.addEventListener("error", reconnect);
    for (const type of types) source.addEventListener(type, onEvent);
  }

  async function reconnect() {
    if (hasEnded()) return close();
    const refused = source;
    onConnection(false);
    if (refused?.readyState !== EventSource.CLOSED) return;
    const status = await askWhy();
    // A page that was hidden and shown again meanwhile has connected.
    if (source !== refused || isFinal(status)) return;
    timer = setTimeout(connect, Math.min(LAST_RETRY, FIRST_RETRY * 2 ** failures));
    failures++;
  }

  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  addEventListener("online", () => source?.readyState !== EventSource.OPEN && connect());
  document.addEventListener("visibilitychange", connect);
  connect();
  return { connect, close };
}
