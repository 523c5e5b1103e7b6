/**
 * Without a font for mathematics, as on many phones, browsers do not lower subscripts. This module detects
 * that, and the style sheet then lowers them.
 */

const MATHML = "http://www.w3.org/1998/Math/MathML";

const [math, msub, base, subscript] = ["math", "msub", "mi", "mn"].map((name) =>
  document.createElementNS(MATHML, name),
);
[base.textContent, subscript.textContent] = ["x", "1"];
msub.append(base, subscript);
math.append(msub);
document.body.append(math);
const isLowered = subscript.getBoundingClientRect().bottom > base.getBoundingClientRect().bottom + 1;
document.documentElement.classList.toggle("has-no-math-font", !isLowered);
math.remove();

export {};
