/**
 * The course of a line in plain words, for those who can't see the chart: "Falls fast for 3 epochs, then flat at 0.08."
 *
 * Shares below are shares of the height between the lowest and the highest point, as the chart shows it.
 *
 * @typedef {{x: number, y: number | null}} Point y is null or not finite where there is no value
 * @typedef {object} Terms
 * @property {(x: number) => string} during a part of the course up to x, from its start: "for 3 epochs"
 * @property {(x: number) => string} at "epoch 3"
 * @property {(y: number) => string} [value]
 * @property {number} [height] of the chart, if it does not begin at 0
 * @property {boolean} [isLog] whether the chart has a logarithmic axis, on which only numbers above 0 are shown
 * @typedef {{x: number, y: number, level: number}} Place `level`: the height in the chart
 */

import { short, whole, withMinus } from "../page/format.js";

// A change of a smaller share of the value, or of a decade, is none; with turns, not one that is worth following.
const LEVEL = 0.02;
const NARROW = 0.1;
// A change of direction of a smaller share is noise.
const TURN = 0.2;
const MAX_LEGS = 3;
// Most of a change, and the rest after which a line counts as flat.
const MOST = 0.85;
const FLAT = 0.07;
// Noise is taken out of a line with many points: of so many buckets, the median of each.
const MANY = 15;
const BUCKETS = 12;
// Where noise hides a trend, it must be at least as high as this share.
const TREND = 0.4;
const FEW = 4;

/**
 * Terms for an axis that counts epochs, steps, images or seconds from 0.
 *
 * @param {string} one "epoch"
 * @param {string} [many] "epochs"
 */
export function counted(one, many = `${one}s`) {
  return {
    during: (/** @type {number} */ x) => `for ${rough(x)} ${x === 1 ? one : many}`,
    at: (/** @type {number} */ x) => `${one} ${Number.isInteger(x) ? whole(x) : twoDigits(x)}`,
  };
}

/** Two significant digits: 0.08. @param {number} number */
export function twoDigits(number) {
  return withMinus(short(Number(number.toPrecision(2))));
}

/** @param {number} count */
function rough(count) {
  if (count < 100) return Number.isInteger(count) ? whole(count) : twoDigits(count);
  const rounded = Number(count.toPrecision(2));
  return `${rounded === count ? "" : "about "}${whole(rounded)}`;
}

/**
 * One or two sentences on a line.
 *
 * @param {readonly Point[]} points with x rising
 * @param {Terms} terms
 */
export function courseWords(points, { during, at, value = twoDigits, height, isLog = false }) {
  const known = placesOf(points, isLog);
  if (points.length === 0) return "Nothing yet.";
  if (known.length === 0) return "No value that can be shown.";
  const last = known[known.length - 1];
  const end = isNumber(points[points.length - 1].y) ? "" : ` Diverges after ${at(last.x)}.`;
  if (known.length === 1) return `One value: ${value(last.y)}.${end}`;
  return `${bodyOf()}.${end}`;

  function bodyOf() {
    const [low, high] = extremes(known);
    const size = height ?? (isLog ? 1 : Math.max(Math.abs(low.y), Math.abs(high.y)));
    const varies = high.level - low.level;
    if (varies <= LEVEL * size) return `Stays at ${value(last.y)}`;
    const legs = legsOf(known);
    if (legs.length > 1 && varies <= NARROW * size) return `Stays between ${value(low.y)} and ${value(high.y)}`;
    if (legs.length <= MAX_LEGS) return legsWords(legs, value);
    const jumps = `Jumps up and down between ${value(low.y)} and ${value(high.y)}, and ends at ${value(last.y)}`;
    if (known.length < MANY) return jumps;
    const calm = medians(known);
    const [calmLow, calmHigh] = extremes(calm);
    const calmLegs = legsOf(calm);
    const isTrend = calmHigh.level - calmLow.level >= TREND * varies;
    if (!isTrend || calmLegs.length > MAX_LEGS) return jumps;
    return `${legsWords(calmLegs, (y) => `about ${value(y)}`)}, jumping up and down on the way`;
  }

  /** @param {Place[][]} legs @param {(y: number) => string} tell */
  function legsWords(legs, tell) {
    if (legs.length === 1) return legWords(legs[0], tell);
    const parts = legs.map((leg, i) => {
      const [from, to] = [leg[0], leg[leg.length - 1]];
      if (i === legs.length - 1) return `${verb(leg)} to ${tell(to.y)}`;
      const ends = i === 0 ? `from ${tell(from.y)} to ${tell(to.y)}` : `to ${tell(to.y)}`;
      return `${verb(leg)} until ${at(to.x)}, ${ends}`;
    });
    return capital(parts.join(", then "));
  }

  /** @param {Place[]} leg the whole line @param {(y: number) => string} tell */
  function legWords(leg, tell) {
    const [from, to] = [leg[0], leg[leg.length - 1]];
    const plain = `from ${tell(from.y)} to ${tell(to.y)}`;
    const moves = capital(verb(leg));
    if (leg.length < FEW) return `${moves} ${plain}`;
    const early = reached(leg, MOST);
    const late = reached(leg, 1 - MOST);
    if (shareOf(leg, early) <= 0.5) {
      const left = Math.abs(to.level - early.level) / Math.abs(to.level - from.level);
      return `${moves} fast ${during(early.x)}, then ${left <= FLAT ? "flat at" : "slowly to"} ${tell(to.y)}`;
    }
    if (shareOf(leg, late) >= 0.5) return `Hardly changes ${during(late.x)}, then ${verb(leg)} ${plain}`;
    const half = shareOf(leg, reached(leg, 0.5));
    if (half < 0.35) return `${moves} ${plain}, ever more slowly`;
    return half > 0.65 ? `${moves} ${plain}, ever faster` : `${moves} steadily ${plain}`;
  }
}

/**
 * Which of several lines ends lowest and which highest; "" for fewer than two.
 *
 * @param {readonly {name: string, points: readonly Point[]}[]} lines
 * @param {(y: number) => string} [value]
 */
export function comparedWords(lines, value = twoDigits) {
  const ends = lines
    .map(({ name, points }) => ({ name, y: placesOf(points, false).at(-1)?.y }))
    .filter(({ y }) => y !== undefined)
    .sort((a, b) => a.y - b.y);
  if (ends.length < 2) return "";
  const [low, high] = [ends[0], ends[ends.length - 1]];
  const [lowest, highest] = [value(low.y), value(high.y)];
  if (lowest === highest) return `${ends.length === 2 ? "Both end" : "All end"} at ${lowest}.`;
  if (ends.length === 2) return `${low.name} ends lower (${lowest}) than ${high.name} (${highest}).`;
  return `${low.name} ends lowest (${lowest}), ${high.name} highest (${highest}).`;
}

/** @param {number | null | undefined} y */
function isNumber(y) {
  return y !== null && Number.isFinite(y);
}

/** @param {readonly Point[]} points @param {boolean} isLog @returns {Place[]} */
function placesOf(points, isLog) {
  return points
    .filter(({ y }) => isNumber(y) && (!isLog || y > 0))
    .map(({ x, y }) => ({ x, y, level: isLog ? Math.log10(y) : y }));
}

/** The lowest and the highest. @param {Place[]} places */
function extremes(places) {
  const pick = (/** @type {(a: number, b: number) => boolean} */ isBetter) =>
    places.reduce((best, place) => (isBetter(place.level, best.level) ? place : best));
  return [pick((a, b) => a < b), pick((a, b) => a > b)];
}

/**
 * The parts of a line between its turns: each begins with the last place of the one before.
 *
 * @param {Place[]} places not all equally high
 */
function legsOf(places) {
  const [low, high] = extremes(places);
  const least = TURN * (high.level - low.level);
  const turns = [0];
  let [lowest, highest, direction] = [0, 0, 0];
  places.forEach(({ level }, i) => {
    if (level < places[lowest].level) lowest = i;
    if (level > places[highest].level) highest = i;
    if (direction >= 0 && level < places[highest].level - least) {
      if (direction > 0) turns.push(highest);
      [direction, lowest] = [-1, i];
    } else if (direction <= 0 && level > places[lowest].level + least) {
      if (direction < 0) turns.push(lowest);
      [direction, highest] = [1, i];
    }
  });
  return turns.map((start, i) => places.slice(start, (turns[i + 1] ?? places.length - 1) + 1));
}

/** A line without its noise. @param {Place[]} places @returns {Place[]} */
function medians(places) {
  const count = Math.min(BUCKETS, Math.floor(places.length / 3));
  const each = places.length / count;
  return Array.from({ length: count }, (_, i) => {
    const bucket = places.slice(Math.floor(i * each), Math.floor((i + 1) * each));
    const { y, level } = [...bucket].sort((a, b) => a.level - b.level)[Math.floor(bucket.length / 2)];
    return { x: bucket[bucket.length - 1].x, y, level };
  });
}

/** The first place where a share of the change is done. @param {Place[]} leg @param {number} share */
function reached(leg, share) {
  const [from, to] = [leg[0], leg[leg.length - 1]];
  const wanted = share * Math.abs(to.level - from.level);
  return leg.find(({ level }) => Math.abs(level - from.level) >= wanted) ?? to;
}

/** How far along the leg a place is, in 0..1. @param {Place[]} leg @param {Place} place */
function shareOf(leg, place) {
  const [from, to] = [leg[0], leg[leg.length - 1]];
  return (place.x - from.x) / (to.x - from.x || 1);
}

/** @param {Place[]} leg */
function verb(leg) {
  return leg[leg.length - 1].level < leg[0].level ? "falls" : "rises";
}

/** @param {string} text */
function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
