/**
 * Follows the events of a run: each once and in order, in however many tabs, over one connection for all of them.
 *
 * A browser allows six connections to a server: six tabs of a run would leave none for drawing in a seventh. So the
 * tabs of one run take turns: the one that holds the lock has the stream, and passes what it hears on to the others.
 * Whoever finds that it missed something, as at its start, asks the server for that alone. Where there are no locks,
 * as without https on a school's own network, each tab that is looked at has a stream of its own.
 */

import { openSource } from "./run-source.js";

const RETRY = 2_000;

/**
 * @param {string} path of the events
 * @param {{onEvent: (type: string, data: any) => void, onConnection: (connected: boolean) => void}} listener
 */
export function followRun(path, { onEvent, onConnection }) {
  const name = `events of ${new URL(path, document.baseURI).pathname}`;
  let last = 0;
  let hasEnded = false;
  let isConnected = true;
  let isCatchingUp = false;
  let isBehind = false;
  let timer = 0;
  /** @type {BroadcastChannel | null} */
  let others = null;
  /** @type {AbortController | null} */
  let turn = null;
  /** @type {(() => void) | null} */
  let giveUpLead = null;
  const source = openSource(path, {
    last: () => last,
    onEvent(type, data, number) {
      take(type, data, number);
      others?.postMessage({ type, data, number });
    },
    onConnection(connected) {
      showConnection(connected);
      others?.postMessage({ connected });
    },
  });

  function take(type, data, number) {
    // Told before the line broke, or by the server as well as by another tab.
    if (number <= last || (hasEnded && type === "end")) return;
    hasEnded = type === "end";
    // The end is not counted: when the run is resumed, the resumption takes its place and its number.
    if (!hasEnded) last = number;
    onEvent(type, data);
  }

  function showConnection(connected) {
    isConnected = connected;
    onConnection(connected);
  }

  function hear({ data: { type, data, number, connected, question } }) {
    if (giveUpLead) {
      if (question === "go on" && hasEnded) goOn();
      else if (question) others.postMessage({ connected: isConnected });
    } else if (number > last + 1) catchUp();
    else if (number === last + 1 && !isCatchingUp) take(type, data, number);
    else if (number) isBehind = true;
    else if (connected !== undefined) showConnection(connected);
  }

  /** Asks the server for what was missed. */
  async function catchUp() {
    clearTimeout(timer);
    isBehind = true;
    if (isCatchingUp) return;
    isCatchingUp = true;
    try {
      while (isBehind && turn) {
        isBehind = false;
        const response = await fetch(`${path}.jsonl?after=${last}`);
        if (!response.ok) throw new Error(`status ${response.status}`);
        const lines = (await response.text()).split("\n").filter(Boolean);
        if (giveUpLead || !turn) break;
        for (const { id, event, data } of lines.map((line) => JSON.parse(line))) take(event, data, id);
      }
    } catch {
      isBehind = true;
      if (turn && !giveUpLead) timer = setTimeout(catchUp, RETRY);
    }
    isCatchingUp = false;
  }

  /** Holds the lock until the page is left. */
  function lead() {
    return new Promise((resolve) => {
      giveUpLead = () => resolve(null);
      if (!hasEnded) source.connect();
    });
  }

  async function join() {
    turn = new AbortController();
    if (!navigator.locks) {
      lead();
      return;
    }
    const { signal } = turn;
    others = new BroadcastChannel(name);
    others.addEventListener("message", hear);
    await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && !signal.aborted && lead());
    if (signal.aborted) return;
    others.postMessage({ question: "connected" });
    catchUp();
    // Refused when the page is left before its turn comes.
    await navigator.locks.request(name, { signal }, lead).catch(() => null);
  }

  function leave() {
    clearTimeout(timer);
    source.close();
    others?.close();
    others = null;
    turn?.abort();
    turn = null;
    giveUpLead?.();
    giveUpLead = null;
  }

  function goOn() {
    hasEnded = false;
    if (giveUpLead) source.connect();
    else others?.postMessage({ question: "go on" });
  }

  window.addEventListener("online", () => giveUpLead && !hasEnded && source.hurry());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leave();
    else if (!turn) join();
  });
  join();

  return {
    /** Goes on listening after an end, for when the run was resumed. */
    goOn() {
      if (hasEnded) goOn();
    },
  };
}
