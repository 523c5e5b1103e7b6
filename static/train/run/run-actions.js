/** What the admin can do with a run: pause, resume and stop it, and publish its network. */

import { post } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { accuracy, shortVersion } from "../../page/format.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { mountPublish } from "../publish/publish.js";
import { isActive } from "../run-words.js";

const COMMANDS = ["pause", "resume", "stop"];

/**
 * @import {mountNotice} from "../../page/notice.js"
 * @import {Run} from "../types.js"
 *
 * @param {HTMLElement} main with the buttons, marked with `data-part`
 * @param {Run} first
 * @param {{onRun: (run: Run) => void, trouble: ReturnType<typeof mountNotice>}} listener
 */
export function mountRunActions(main, first, { onRun, trouble }) {
  const buttons = [...COMMANDS, "publish"].map((name) => part(main, name));
  const [pause, resume, stop, publishButton] = buttons;
  const publishable = main.dataset.publishable?.split(" ") ?? [];
  let run = first;
  let busy = false;

  const publish = mountPublish(one(main, "#publish-dialog", HTMLDialogElement), (model) => {
    part(main, "publishedText").textContent =
      `“${model.name}” now answers with this network, version ${shortVersion(model.version)}, ` +
      `${accuracy(model.accuracy)} right on the test images.`;
    part(main, "publishedLink", HTMLAnchorElement).href = model.name === "classic" ? "./" : `./?model=${model.name}`;
    part(main, "published").hidden = false;
    onRun({ ...run, published_as: [...new Set([...run.published_as, model.name])] });
  });

  for (const command of COMMANDS) {
    part(main, command).addEventListener("click", async () => {
      if (busy) return; // the answer to the first click is still on its way
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
  publishButton.addEventListener("click", () => publish.open(run));

  return {
    /** @param {Run} current */
    show(current) {
      run = current;
      const focused = buttons.find((button) => button === document.activeElement);
      pause.hidden = run.status !== "running";
      stop.hidden = run.place === null && (!isActive(run) || run.status === "stopping");
      setText(stop, run.place === null ? "Stop" : "Cancel");
      resume.hidden = !["paused", "stopped", "failed"].includes(run.status);
      // A network that is worse than the one that answers now should not be published by the way.
      const isBetter = (run.test_accuracy ?? run.accuracy ?? 0) >= Number(publishButton.dataset.servedAccuracy);
      publishButton.classList.toggle("main-button", isBetter);
      publishButton.hidden = !publishable.includes(run.status) || run.epoch === 0;
      if (focused?.hidden) (buttons.find((button) => !button.hidden) ?? part(main, "status")).focus();
    },
  };
}
