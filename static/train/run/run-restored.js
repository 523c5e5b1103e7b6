/** The page of a deleted run: a button restores the run, and shows its page. */

import { post } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { mountNotice } from "../../page/notice.js";

const button = one(document, "#restore", HTMLButtonElement);
const notice = mountNotice(one(document, "#restore-problem"));

button.addEventListener("click", async () => {
  notice.say("");
  try {
    await post(`admin/runs/${button.dataset.run}/restore`);
    location.reload();
  } catch (error) {
    notice.sayError(error);
  }
});
