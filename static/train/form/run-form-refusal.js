/** The server's reasons for refusing settings, by field. */

// The server names a field as the API does: "hidden.1: Input should be ...".
const NAMED = /^([a-z_0-9]+)(?:\.\d+)*: (.*)$/s;
const NEXT = /\. (?=[a-z_0-9]+(?:\.\d+)*: )/;

/**
 * @param {string} detail
 * @param {(name: string) => string | undefined} labelOf
 * @returns {{text: string, byField: [string, string][]}} the whole text with the fields' labels, and (name, sentence) of
 *   each field that has a label
 */
export function refusalOf(detail, labelOf) {
  /** @type {[string, string][]} */
  const byField = [];
  const sentences = detail.split(NEXT).map((part, i, { length }) => {
    const sentence = i < length - 1 ? `${part}.` : part;
    const [, name, text] = sentence.match(NAMED) ?? [];
    const label = name && labelOf(name);
    if (!label) return sentence;
    byField.push([name, text]);
    return `${label}: ${text}`;
  });
  return { text: sentences.join(" "), byField };
}
