/** Requests to the server, relative to the page's base address. */

/** The server refused. `detail` is its sentence about what to change. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   */
  constructor(status, detail) {
    super(detail);
    this.status = status;
    this.detail = detail;
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
  const timeout = AbortSignal.timeout(TIMEOUT);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const headers = { Accept: "application/json", ...options.headers };
  try {
    const response = await fetch(path, { ...options, headers, signal });
    if (response.status === 204) return null;
    if (response.ok) return await read(response);
    if (GATEWAY_STATUSES.includes(response.status)) throw new Unreachable();
    throw new Problem(response.status, await detailOf(response));
  } catch (error) {
    if (error instanceof Problem || options.signal?.aborted) throw error;
    throw new Unreachable();
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
  const fallback = `The server answered ${response.status} and gave no reason.`;
  try {
    const { detail } = await response.json();
    return typeof detail === "string" ? detail : fallback;
  } catch {
    return fallback; // not an answer of Descent
  }
}
