/**
 * Reads repeatedly, also after failures, but not while the page is hidden.
 *
 * @param {() => Promise<number>} read resolves with the milliseconds until the next time
 * @returns {() => void} reads at once
 */
export function poll(read) {
  let timer = 0;
  let busy = false;

  async function tick() {
    if (busy) return;
    clearTimeout(timer);
    busy = true;
    const pause = await read();
    busy = false;
    if (!document.hidden) timer = setTimeout(tick, pause);
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) tick();
  });
  tick();
  return tick;
}
