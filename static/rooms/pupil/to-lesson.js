/** Leads the pupil to the lesson that the teacher shows, unless they left it to explore on their own. */

import { explores, followedAddress } from "../../page/followed-lesson.js";
import { part } from "../../page/part.js";

/**
 * @param {string} code of the room
 * @param {HTMLElement} line that says so, with a link `lesson`
 * @returns {(follow: string | null | undefined) => void} a room of an older version has none
 */
export function mountToLesson(code, line) {
  const link = part(line, "lesson", HTMLAnchorElement);
  const exploring = explores(code);
  let isLeaving = false; // once: each news would begin the way there anew
  link.addEventListener("click", () => exploring.write(false));
  addEventListener("pageshow", () => {
    isLeaving = false;
  });

  return (follow) => {
    line.hidden = !follow;
    if (!follow) return exploring.write(false);
    link.href = followedAddress(follow, code).href;
    if (exploring.read() || isLeaving) return;
    isLeaving = true;
    location.assign(link.href);
  };
}
