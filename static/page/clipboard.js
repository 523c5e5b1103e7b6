/**
 * Copies a text, right after a click.
 *
 * @param {string} text
 * @returns {Promise<boolean>} false where the page has no clipboard, as without TLS, or may not use it
 */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
