import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const STATIC = new URL("../../../static/", import.meta.url);
const FIRST = "page/older-browsers.js";
const sources = new Map(
  readdirSync(STATIC, { recursive: true })
    .filter((path) => path.endsWith(".js"))
    .map((path) => [path, readFileSync(new URL(path, STATIC), "utf8")]),
);

/** The places in all scripts that a pattern matches. */
function found(pattern) {
  return [...sources].flatMap(([path, text]) => [...text.matchAll(pattern)].map(([match]) => `${path}: ${match}`));
}

test("no script has syntax that Safari 15.4 can't read", () => {
  assert.deepEqual(found(/\(\?<[=!]/g), [], "a lookbehind");
  assert.deepEqual(found(/\bstatic\s*\{/g), [], "a static block of a class");
  assert.deepEqual(found(/\bwith\s*\{\s*type\b/g), [], "an import attribute");
});

test("the script for older browsers gives elements each ARIA property that the others use", () => {
  const used = new Set(found(/\.aria[A-Z]\w*/g).map((place) => place.split(": .")[1]));
  assert.ok(used.size > 0);
  assert.deepEqual(
    [...used].filter((property) => !sources.get(FIRST).includes(`${property}: "aria-`)),
    [],
  );
});

test("the script for older browsers is in old syntax, without the commonest of what is new since 2011", () => {
  const text = sources.get(FIRST).replace(/\/\*.*?\*\//gs, "");
  assert.deepEqual(text.match(/=>|\b(const|let|class|import|export|async)\b|`|\?\.|\?\?|\.\.\./g), null);
});
