/** One of the compared runs, with its events so far. */

import { request } from "../../page/api.js";
import { RunStory } from "../run-story.js";

/** @import {Run} from "../types.js" */

export class ComparedRun {
  /** @param {Run} run */
  constructor(run) {
    this.run = run;
    this.story = new RunStory(run.steps);
    /** The id of the last event, without the `end`, which becomes a `resume` when the run is resumed. */
    this.last = 0;
    /** The state of the run that the story is up to date with. */
    this.known = "";
  }

  /**
   * Reads the new events.
   *
   * @param {Run} run as it is now
   * @throws {import("../../page/api.js").Problem | import("../../page/api.js").Unreachable}
   */
  async follow(run) {
    this.run = run;
    const now = [run.status, run.step, run.ended_at].join();
    if (now === this.known) return;
    const lines = await request(`runs/${run.id}/events.jsonl?after=${this.last}`, { read: (answer) => answer.text() });
    for (const line of lines.split("\n")) {
      if (line === "") continue;
      const { id, event, data } = JSON.parse(line);
      if (event === "end") continue;
      this.story.add(event, data);
      this.last = id;
    }
    this.known = now;
  }
}
