/** The section "comparison" of the draw page: two networks answer the same drawing, side by side. */

import { mountAnnouncer } from "../../page/announcer.js";
import { postPicture, request } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { problemOf, sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { mountColumn } from "./comparison-column.js";
import { mountDifferences } from "./comparison-differences.js";
import { gain, pairOf, verdict } from "./comparison-words.js";

const INVITATION = "Draw a digit, and both networks answer it.";
const NONE = "There is no network here yet.";
const UNREACHABLE = "The server can't be reached just now. The page keeps trying.";
const ANNOUNCE_AFTER = 1000;

/**
 * @param {HTMLElement} body
 * @param {import("../inside.js").Page} page
 */
export function mount(body, page) {
  const [sentence, gained, problem] = ["sentence", "gain", "problem"].map((name) => part(body, name));
  const table = part(body, "table", HTMLTableElement);
  const columns = ["small", "large"].map((side) => mountColumn(table, side, page.choose));
  const differences = mountDifferences(part(body, "differences"), page.lay);
  const announce = mountAnnouncer(part(body, "announcement"), ANNOUNCE_AFTER);
  /** @type {import("./comparison-words.js").Model[] | null} */
  let models = null;
  // Each version is looked up once, even where /models does not list it then.
  const lookedUp = new Set();

  const asker = new Asker(compared, (outcome) => {
    sayProblem(problem, problemOf(outcome, UNREACHABLE));
    if (outcome.kind === "answered") show(outcome.answer);
  });

  /** @param {{answered: import("../inside.js").Answered | null}} question null asks only which networks there are */
  async function compared({ answered }, signal) {
    const look = async () => {
      models = await request("models", { signal });
      showPair(pairOf(models, page.network)); // also when no answer of both comes
    };
    const ask = async () => {
      const pair = pairOf(models, page.network);
      const answers =
        answered && pair.length > 1
          ? await Promise.all(pair.map(({ name }) => answerOf(name, answered, signal)))
          : null;
      return { pair, answers };
    };
    if (!models) await look();
    let unknown = [];
    try {
      const { pair, answers } = await ask();
      unknown = answers ? newVersions(pair, answers) : [];
      if (unknown.length === 0) return { pair, answers };
    } catch (error) {
      if (error.status !== 404) throw error; // one of them is no longer served
    }
    await look();
    for (const version of unknown) lookedUp.add(version);
    return ask();
  }

  /** The versions that answered and are not those that are known of the pair. */
  function newVersions(pair, answers) {
    return answers
      .filter(({ version }, i) => version !== pair[i].version)
      .map(({ model, version }) => `${model} ${version}`)
      .filter((version) => !lookedUp.has(version));
  }

  function show({ pair, answers }) {
    showPair(pair);
    for (const [i, column] of columns.entries()) column.showAnswer(answers?.[i] ?? null);
    if (pair.length > 1) say(answers ? verdict(pair, answers, Number(table.dataset.sureFrom)) : INVITATION);
  }

  function showPair(pair) {
    table.hidden = gained.hidden = pair.length < 2;
    if (pair.length < 2) {
      say(pair.length === 1 ? `There is only “${pair[0].name}” here, and no other network to compare it with.` : NONE);
      differences.none();
      return;
    }
    for (const [i, column] of columns.entries()) column.showModel(pair[i], pair[i].name === page.network);
    gained.textContent = gain(pair);
    differences.of(pair);
  }

  function say(text) {
    sentence.textContent = text;
    announce(text === INVITATION ? "" : text);
  }

  addEventListener("online", () => asker.retry());

  return {
    show(answered) {
      differences.mark(answered.picture);
      asker.ask({ answered }, answered.settled);
    },
    blank() {
      differences.mark(null);
      asker.ask({ answered: null }, true);
    },
  };
}

/** The page has asked one of the two already. */
async function answerOf(name, { answer, picture }, signal) {
  if (answer.model === name) return answer;
  return postPicture(`predict?model=${encodeURIComponent(name)}`, picture, signal);
}
