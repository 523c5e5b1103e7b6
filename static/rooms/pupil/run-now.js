/**
 * What a room's run has come to, from the events of its stream.
 *
 * @typedef {object} RunNow
 * @property {number} run
 * @property {{x: number, y: number}[]} costs at steps
 * @property {{epoch: number, accuracy: number} | null} epoch the figures of the last one
 * @property {number} step
 * @property {number | null} checkpoint the last step of which there is a network
 * @property {boolean} hasEnded
 */

/** @param {number} run @returns {RunNow} */
export function newRun(run) {
  return { run, costs: [], epoch: null, step: 0, checkpoint: null, hasEnded: false };
}

/**
 * @param {RunNow} now changed in place, since there are thousands of costs
 * @param {{event: string, data: any}} event
 */
export function follow(now, { event, data }) {
  now.hasEnded = event === "end";
  if (event === "cost") {
    now.costs.push({ x: data.step, y: data.cost });
    now.step = data.step;
  } else if (event === "epoch") now.epoch = data;
  else if (event === "checkpoint") now.checkpoint = data.step;
}

/**
 * Asks about the newest only, one question at a time and none twice: what came in between is dropped.
 *
 * @template {object} T
 * @param {(about: T) => Promise<boolean>} ask resolves with whether an answer came
 * @param {() => Promise<void>} pause before each
 * @returns {(about: T) => Promise<void>}
 */
export function newestOnly(ask, pause) {
  /** @type {T} */
  let newest;
  let answered = "";
  let isBusy = false;

  return async (about) => {
    newest = about;
    if (isBusy) return;
    isBusy = true;
    for (let asked = ""; ; ) {
      await pause();
      const question = JSON.stringify(newest);
      if (question === answered || question === asked) break;
      asked = question;
      if (await ask(newest)) answered = question;
    }
    isBusy = false;
  };
}
