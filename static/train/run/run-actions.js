/** What the admin can do with a run: let it pause, go on, stop or resume, and publish its network. */

import { post } from "../../page/api.js";
import { accuracy, shortVersion } from "../../page/format.js";
import { mountPublish } from "../publish/publish.js";
import { isActive } from "../run-words.js";

/** Each button's command. Going on after a pause and after a stop is the same wish, but not the same word. */
const COMMANDS = { pause: "pause", goOn: "resume", stop: "stop", resume: "resume" };
const PUBLISHABLE = ["finished", "stopped", "diverged"];

/**
 * @param {HTMLElement} main with the buttons, marked with `data-part`
 * @param {{onRun: (run: any) => void, trouble: ReturnType<import("../../page/notice.js").mountNotice>}} listener
 */
export function mountRunActions(main, { onRun, trouble }) {
  const part = (name) => main.querySelector(`[data-part=${name}]`);
  const buttons = [...Object.keys(COMMANDS), "publish"].map(part);
  let run = null;
  let busy = false;

  const publish = mountPublish(main.querySelector("#publish-dialog"), (model) => {
    part("publishedText").textContent =
      `“${model.name}” now answers with this network, version ${shortVersion(model.version)}, ` +
      `${accuracy(model.accuracy)} right on the test images.`;
    part("publishedLink").href = model.name === "classic" ? "./" : `./?model=${model.name}`;
    part("published").hidden = false;
    onRun({ ...run, published_as: [...new Set([...run.published_as, model.name])] });
  });

  for (const [name, command] of Object.entries(COMMANDS)) {
    part(name).addEventListener("click", async () => {
      if (busy) return; // a second click would ask for what is already on its way
      busy = true;
      trouble.say("");
      try {
        onRun(await post(`admin/runs/${run.id}/${command}`));
      } catch (error) {
        trouble.sayError(error);
      }
      busy = false;
    });
  }
  part("publish").addEventListener("click", () => publish.open(run));

  return {
    /** @param {any} current */
    show(current) {
      run = current;
      const focused = buttons.find((button) => button === document.activeElement);
      part("pause").hidden = run.status !== "running";
      part("goOn").hidden = run.status !== "paused";
      part("stop").hidden = !isActive(run) || run.status === "stopping";
      part("resume").hidden = !["stopped", "failed"].includes(run.status);
      part("publish").hidden = !PUBLISHABLE.includes(run.status) || run.epoch === 0;
      if (focused?.hidden) (buttons.find((button) => !button.hidden) ?? part("status")).focus();
    },
  };
}
