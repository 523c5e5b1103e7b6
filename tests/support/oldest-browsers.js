// Removes from a page what Safari 15.4, Chromium 100 or Firefox 100 lack, before its own scripts run.

const LACKING = `
  AbortSignal.any AbortSignal.timeout Array.fromAsync Array.prototype.findLast Array.prototype.findLastIndex
  Array.prototype.toReversed Array.prototype.toSorted Array.prototype.toSpliced Array.prototype.with
  ArrayBuffer.prototype.transfer Blob.prototype.bytes CSS.highlights CSSStyleSheet.prototype.replace
  CSSStyleSheet.prototype.replaceSync CanvasRenderingContext2D.prototype.reset
  CanvasRenderingContext2D.prototype.roundRect CompressionStream DecompressionStream
  Document.prototype.adoptedStyleSheets Document.prototype.startViewTransition Element.prototype.checkVisibility
  Element.prototype.moveBefore Element.prototype.setHTMLUnsafe Error.isError HTMLElement.prototype.hidePopover
  HTMLElement.prototype.inert HTMLElement.prototype.popover HTMLElement.prototype.showPopover
  HTMLElement.prototype.togglePopover HTMLInputElement.prototype.showPicker Intl.DurationFormat
  Iterator.prototype.drop Iterator.prototype.every Iterator.prototype.filter Iterator.prototype.find
  Iterator.prototype.flatMap Iterator.prototype.forEach Iterator.prototype.map Iterator.prototype.reduce
  Iterator.prototype.some Iterator.prototype.take Iterator.prototype.toArray Map.groupBy Map.prototype.getOrInsert
  MathMLElement Math.sumPrecise Object.groupBy OffscreenCanvas PointerEvent.prototype.getCoalescedEvents Promise.try
  Promise.withResolvers RegExp.escape Response.json Response.prototype.bytes Set.prototype.difference
  Set.prototype.intersection Set.prototype.isDisjointFrom Set.prototype.isSubsetOf Set.prototype.isSupersetOf
  Set.prototype.symmetricDifference Set.prototype.union String.prototype.isWellFormed URL.canParse URL.parse
  Uint8Array.fromBase64 Uint8Array.prototype.findLast Uint8Array.prototype.toBase64 Uint8Array.prototype.toSorted
  Uint8Array.prototype.with cancelIdleCallback navigation requestIdleCallback scheduler`;

for (const path of LACKING.trim().split(/\s+/)) {
  const names = path.split(".");
  const name = names.pop();
  const owner = names.reduce((object, part) => object?.[part], globalThis);
  if (owner) delete owner[name];
}
for (const name of Object.keys(Element.prototype)) if (name.startsWith("aria")) delete Element.prototype[name];
Intl.NumberFormat = class extends Intl.NumberFormat {
  constructor(locale, options) {
    if (options?.signDisplay === "negative") throw new RangeError("signDisplay: negative");
    super(locale, options);
  }
};
