/** What this tab keeps: of a room, so that a reload or a locked phone comes back as the same pupil, and what it has shown. */

/**
 * @param {string} name
 * @returns {{read: () => any, write: (value: unknown) => void}} `read` gives null where nothing is kept
 */
export function keptInTab(name) {
  return {
    read() {
      try {
        return JSON.parse(sessionStorage.getItem(name) ?? "null");
      } catch {
        return null; // the browser keeps nothing for pages
      }
    },
    write(value) {
      try {
        sessionStorage.setItem(name, JSON.stringify(value));
      } catch {
        // As above, or there is no more room: then it is kept until the page is left.
      }
    },
  };
}

/** By hand: crypto.randomUUID is not there on a page of plain http. */
export function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
