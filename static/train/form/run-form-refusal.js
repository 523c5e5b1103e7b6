/** The sentences of the server that refuse settings, by the fields they are about. */

// It names a field as the API does: "hidden.1: Input should be ...".
const NAMED = /^([a-z_0-9]+)(?:\.\d+)*: (.*)$/s;
const NEXT = /(?<=\.) (?=[a-z_0-9]+(?:\.\d+)*: )/;

/**
 * @param {string} detail
 * @param {(name: string) => string | undefined} labelOf
 * @returns {{text: string, beside: [string, string][]}} the whole with the fields' labels, and (name, sentence) of each
 *   field that has a label
 */
export function refusalOf(detail, labelOf) {
  const beside = [];
  const told = detail.split(NEXT).map((sentence) => {
    const [, name, text] = sentence.match(NAMED) ?? [];
    const label = name && labelOf(name);
    if (!label) return sentence;
    beside.push([name, text]);
    return `${label}: ${text}`;
  });
  return { text: told.join(" "), beside };
}
