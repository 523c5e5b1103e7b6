/** Loads modules when they are needed, also over a line that is lost meanwhile. */

const PAUSE_MS = 2000;

/**
 * @template T
 * @param {() => Promise<T>} load imports modules
 * @returns {Promise<T>} resolved by the first try that succeeds
 */
export async function keepLoading(load) {
  for (;;) {
    try {
      return await load();
    } catch (error) {
      // A lost line is a TypeError, as for fetch().
      if (!(error instanceof TypeError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
