/** Requests to the server, relative to the page's base address. */

import { reached } from "./reached.js";

/** The server refused, or this browser did. `detail` is a sentence about what to change. */
export class Problem extends Error {
  /**
   * @param {number} status 0 where it was this browser
   * @param {string} detail
   * @param {number} [retryAfter] seconds to wait before it is sent again, 0 where the server has not said
   */
  constructor(status, detail, retryAfter = 0) {
    super(detail);
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

/** No answer came: no connection, too late, or a proxy with no server behind it. */
export class Unreachable extends Error {}

// A proxy sends these when its server is gone or starting.
const GATEWAY_STATUSES = [502, 503, 504];
const TIMEOUT = 15_000;

/**
 * @param {string} path
 * @param {RequestInit & {read?: (response: Response) => Promise<any>}} [options] `read` for an answer that is no JSON
 * @returns {Promise<any>} the JSON of the answer or what `read` makes of it, null when it has none
 * @throws {Problem | Unreachable} or the AbortError of `options.signal`
 */
export async function request(path, { read = (response) => response.json(), ...options } = {}) {
  // By hand: AbortSignal.any and AbortSignal.timeout are too new for the browsers of many schools.
  const flight = new AbortController();
  const abort = () => flight.abort();
  const timer = setTimeout(abort, TIMEOUT);
  if (options.signal?.aborted) abort();
  options.signal?.addEventListener("abort", abort);
  const headers = { Accept: "application/json", ...options.headers };
  try {
    const response = await fetch(path, { ...options, headers, signal: flight.signal });
    if (!GATEWAY_STATUSES.includes(response.status)) reached();
    if (response.status === 204) return null;
    if (response.ok) return await read(response);
    if (GATEWAY_STATUSES.includes(response.status)) throw new Unreachable();
    throw new Problem(response.status, await detailOf(response), Number(response.headers.get("Retry-After")) || 0);
  } catch (error) {
    if (error instanceof Problem || options.signal?.aborted) throw error;
    throw new Unreachable();
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", abort);
  }
}

/**
 * @param {string} path
 * @param {object} [body]
 * @param {AbortSignal} [signal]
 */
export function post(path, body = {}, signal) {
  return request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
}

/**
 * @param {string} path
 * @param {Blob} picture
 * @param {AbortSignal} [signal]
 */
export function postPicture(path, picture, signal) {
  return request(path, { method: "POST", body: picture, headers: { "Content-Type": picture.type }, signal });
}

/** @param {unknown} error of `request` */
export function sentenceOf(error) {
  if (error instanceof Problem) return error.detail;
  if (error instanceof Unreachable) return "The server can't be reached just now. Please try again in a moment.";
  throw error;
}

/** @param {Response} response */
async function detailOf(response) {
  const fallback =
    response.status === 413
      ? "That is too large for the server in front of Descent. Send a smaller picture."
      : `The server answered ${response.status} and gave no reason.`;
  try {
    const { detail } = await response.json();
    return typeof detail === "string" ? detail : fallback;
  } catch {
    return fallback; // not an answer of Descent
  }
}
