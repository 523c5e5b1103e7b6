/** Which network answers: the line under the drawing, and a choice where several are served. The address keeps it. */

import { Problem, request } from "../page/api.js";
import { accuracy, shortVersion, whole } from "../page/format.js";

const DEFAULT_NETWORK = "classic";

/**
 * @param {{line: HTMLElement, choice: HTMLElement, notice: HTMLElement, takeHome: HTMLElement}} parts
 * @param {() => void} onChoice after another network was chosen
 */
export function mountServedBy({ line, choice, notice, takeHome }, onChoice) {
  const select = choice.querySelector("select");
  const [link, words] = [takeHome.querySelector("a"), takeHome.querySelector("span")];
  const offer = words.textContent;
  let name = new URLSearchParams(location.search).get("model") || DEFAULT_NETWORK;
  let shown = null;

  async function show() {
    try {
      const models = await request("models");
      select.replaceChildren(...models.map((model) => new Option(model.name)));
      select.value = name;
      choice.hidden = models.length < 2;
      shown = models.find((model) => model.name === name) ?? (await request(`models/${encodeURIComponent(name)}`));
      line.textContent = described(shown);
      offerToTakeHome(shown);
    } catch (error) {
      shown = null; // the next answer tries again
      if (error instanceof Problem) fallBack(error.detail);
    }
  }

  function offerToTakeHome(model) {
    const most = Number(takeHome.dataset.max);
    link.hidden = model.parameters > most;
    link.href = `models/${encodeURIComponent(model.name)}/take-home.html`;
    words.textContent = link.hidden
      ? `“${model.name}” is too large to take home: the file holds at most ${whole(most)} parameters.`
      : offer;
  }

  function choose(chosen) {
    name = chosen;
    const address = new URL(location.href);
    if (name === DEFAULT_NETWORK) address.searchParams.delete("model");
    else address.searchParams.set("model", name);
    history.replaceState(history.state, "", address);
    notice.hidden = true;
    show();
  }

  /** @returns {boolean} whether there is another network to ask, now that this one is no longer served */
  function fallBack(detail) {
    if (name === DEFAULT_NETWORK) return false;
    choose(DEFAULT_NETWORK);
    notice.textContent = `${detail} “${name}” answers instead.`;
    notice.hidden = false;
    return true;
  }

  select.addEventListener("change", () => {
    choose(select.value);
    onChoice();
  });
  show();
  return {
    get name() {
      return name;
    },
    fallBack,
    /** @param {string} chosen */
    choose(chosen) {
      choose(chosen);
      onChoice();
    },
    /** Another version may have come since: @param {{model: string, version: string}} answer */
    answered({ model, version }) {
      if (model === name && shown?.version !== version) show();
    },
  };
}

function described(model) {
  const origin = model.run_id === null ? "" : `, learned in run ${model.run_id}`;
  const size = `${whole(model.parameters)} parameters`;
  return (
    `Answered by “${model.name}”, a network of ${size}, version ${shortVersion(model.version)}${origin}, ` +
    `right on ${accuracy(model.accuracy)} of the test images.`
  );
}
