/**
 * What older browsers need. This is a plain script in old syntax, since the oldest can't read a module.
 *
 * Where something is missing that the modules can't do without, it shows that the browser is too old.
 */
var isTooOld = !Array.prototype.at || !Object.hasOwn || !window.HTMLDialogElement;
if (isTooOld) document.getElementById("too-old").removeAttribute("hidden");

// Chromium has MathML since version 109. Without it, the fraction 1/2 would read 12.
if (!window.MathMLElement) addStyles("static/page/older-browsers.css");

// Firefox has these properties of elements since version 119.
var ariaAttributes = {
  ariaBusy: "aria-busy",
  ariaDisabled: "aria-disabled",
  ariaLabel: "aria-label",
  ariaPressed: "aria-pressed",
};
Object.keys(ariaAttributes).forEach(addProperty);

/** @param {string} path */
function addStyles(path) {
  var link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = path;
  document.head.appendChild(link);
}

/** @param {string} property of every element */
function addProperty(property) {
  if (property in Element.prototype) return;
  Object.defineProperty(Element.prototype, property, {
    get: function () {
      return this.getAttribute(ariaAttributes[property]);
    },
    set: function (value) {
      this.setAttribute(ariaAttributes[property], value);
    },
  });
}
