/** One of the runs that are compared, and what its events have told so far. */

import { request } from "../../page/api.js";
import { RunStory } from "../run-story.js";

export class ComparedRun {
  /** @param {any} run */
  constructor(run) {
    this.run = run;
    this.story = new RunStory(run.steps);
    /** The id of the last event that stays: an `end` becomes a `resume` when the run goes on. */
    this.last = 0;
    /** Of which state of the run the story tells. */
    this.told = "";
  }

  /**
   * Reads what has happened since the last time.
   *
   * @param {any} run as it is now
   * @throws {import("../../page/api.js").Problem | import("../../page/api.js").Unreachable}
   */
  async follow(run) {
    this.run = run;
    const now = [run.status, run.step, run.ended_at].join();
    if (now === this.told) return;
    const lines = await request(`runs/${run.id}/events.jsonl?after=${this.last}`, { read: (answer) => answer.text() });
    for (const line of lines.split("\n")) {
      if (line === "") continue;
      const { id, event, data } = JSON.parse(line);
      if (event === "end") continue;
      this.story.tell(event, data);
      this.last = id;
    }
    this.told = now;
  }
}
