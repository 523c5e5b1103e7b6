/** The section "comparison" of the draw page: two networks answer the same drawing, side by side. */

import { mountAnnouncer } from "./announcer.js";
import { request } from "./api.js";
import { Asker } from "./asker.js";
import { mountDifferences } from "./comparison-differences.js";
import { mountColumn } from "./comparison-column.js";
import { gain, pairOf, verdict } from "./comparison-words.js";

const INVITATION = "Draw a digit, and both networks answer it.";
const UNREACHABLE = "The server can't be reached just now. The page keeps trying.";
const ANNOUNCE_AFTER = 1000;

/**
 * @param {HTMLElement} body
 * @param {import("./inside.js").Page} page
 */
export function mount(body, page) {
  const part = (name) => body.querySelector(`[data-part=${name}]`);
  const [sentence, gained, problem, table] = ["sentence", "gain", "problem", "table"].map(part);
  const columns = ["small", "large"].map((side) => mountColumn(table, side, choose));
  const differences = mountDifferences(part("differences"), page.lay);
  const announce = mountAnnouncer(part("announcement"), ANNOUNCE_AFTER);
  /** @type {import("./comparison-words.js").Model[] | null} */
  let models = null;
  // A version is looked up once, whatever /models then says of it.
  const lookedUp = new Set();

  const asker = new Asker(compared, (outcome) => {
    showProblem(outcome.kind === "refused" ? outcome.detail : outcome.kind === "unreachable" ? UNREACHABLE : "");
    if (outcome.kind === "answered") show(outcome.answer);
  });

  /** @param {{answered: import("./inside.js").Answered | null}} question null asks only which networks there are */
  async function compared({ answered }, signal) {
    const look = async () => (models = await request("models", { signal }));
    const ask = async () => {
      const pair = pairOf(models, page.network);
      const answers =
        answered && pair.length > 1
          ? await Promise.all(pair.map(({ name }) => answerOf(name, answered, signal)))
          : null;
      return { pair, answers };
    };
    if (!models) await look();
    try {
      const { pair, answers } = await ask();
      if (!answers?.some(isNew(pair))) return { pair, answers };
    } catch (error) {
      if (error.status !== 404) throw error; // else one of them is served no more
    }
    await look();
    return ask();
  }

  /** Whether another version answered than is known of the pair. */
  function isNew(pair) {
    return ({ model, version }, i) => {
      const key = `${model} ${version}`;
      if (version === pair[i].version || lookedUp.has(key)) return false;
      lookedUp.add(key);
      return true;
    };
  }

  function show({ pair, answers }) {
    table.hidden = gained.hidden = pair.length < 2;
    if (pair.length < 2) {
      say(`Only “${pair[0].name}” is served here: there is no other network to compare it with.`);
      differences.none();
      return;
    }
    columns.forEach((column, i) => column.show(pair[i], answers?.[i] ?? null, pair[i].name === page.network));
    say(answers ? verdict(pair, answers) : INVITATION);
    gained.textContent = gain(pair);
    differences.of(pair);
  }

  function say(text) {
    sentence.textContent = text;
    announce(text === INVITATION ? "" : text);
  }

  function showProblem(text) {
    if (problem.textContent !== text) problem.textContent = text;
    problem.hidden = text === "";
  }

  function choose(name) {
    if (name !== page.network) page.choose(name);
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
  const options = { method: "POST", body: picture, headers: { "Content-Type": picture.type }, signal };
  return request(`predict?model=${encodeURIComponent(name)}`, options);
}
