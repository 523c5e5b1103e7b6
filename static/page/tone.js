/**
 * A quiet tone whose pitch follows a number, so that the cost can be heard. It is off until somebody asks for it, and
 * the choice is forgotten with the page.
 */

/** In hertz: three octaves, which small loudspeakers can play. */
export const LOWEST_PITCH = 110;
export const HIGHEST_PITCH = 880;
/** The costs of these pitches. They are a thousand times apart, so a cost ten times lower sounds an octave lower. */
const RANGE = /** @type {[number, number]} */ ([0.01, 10]);
const MAX_RATIO = RANGE[1] / RANGE[0];
const LOUDNESS = 0.06;
// Seconds until the pitch or the loudness has gone two thirds of its way: a jump would click.
const GLIDE = 0.05;
// Milliseconds after which a number that no longer changes falls silent.
const PATIENCE = 1_200;
// Milliseconds until a faded tone can no longer be heard.
const FADED = 300;

/**
 * The pitch of a cost, on a logarithmic scale:
 *
 *   pitch = 110 Hz * 8 ** (log(cost / low) / log(high / low))
 *
 * A cost outside the range sounds like the nearest end of it. With the usual range, a cost of 1 is the concert pitch.
 *
 * @param {number} cost
 * @param {[number, number]} [range] low and high; a low end that is 0, or more than 1,000 times lower than the high one,
 *   counts as a thousandth of the high one
 * @returns {number} in hertz
 */
export function pitchOf(cost, [low, high] = RANGE) {
  const lowest = Math.max(low, high / MAX_RATIO);
  const share = Math.log(cost / lowest) / Math.log(high / lowest);
  const inside = cost > lowest ? Math.min(1, share) : 0;
  return LOWEST_PITCH * (HIGHEST_PITCH / LOWEST_PITCH) ** inside;
}

/** @param {Element} button that switches the tone on and off; it is hidden where the browser has no Web Audio */
export function mountTone(button) {
  /** @type {{context: AudioContext, pitch: AudioParam, loudness: AudioParam} | null} while it is asked for */
  let sound = null;
  /** @type {number | null} the last cost */
  let heard = null;
  let isQuiet = true;
  let timer = 0;

  function begin() {
    const context = new AudioContext();
    const [oscillator, gain] = [context.createOscillator(), context.createGain()];
    gain.gain.value = 0;
    oscillator.connect(gain).connect(context.destination);
    oscillator.start();
    context.resume().catch(() => {}); // some browsers wait for this; without a device there is nothing to hear
    sound = { context, pitch: oscillator.frequency, loudness: gain.gain };
    button.ariaPressed = "true";
  }

  function end() {
    const context = sound?.context;
    rest();
    sound = null;
    button.ariaPressed = "false";
    if (context) setTimeout(() => context.close().catch(() => {}), FADED);
  }

  /** @param {AudioParam} parameter @param {number} value */
  function glide(parameter, value) {
    parameter.setTargetAtTime(value, sound.context.currentTime, GLIDE);
  }

  function rest() {
    isQuiet = true;
    clearTimeout(timer);
    if (sound) glide(sound.loudness, 0);
  }

  button.addEventListener("click", () => (sound ? end() : begin()));
  document.addEventListener("visibilitychange", () => document.hidden && rest());
  addEventListener("pagehide", end);
  button.toggleAttribute("hidden", typeof AudioContext === "undefined");

  return {
    /**
     * Sounds a cost, if the tone is on, until the next one or until it rests. The same cost again is not a change.
     *
     * @param {number | null} cost null or not finite: there is nothing to hear
     * @param {[number, number]} [range] as `pitchOf` takes it
     */
    play(cost, range) {
      if (!sound || document.hidden || cost === heard) return;
      if (cost === null || !Number.isFinite(cost)) return rest();
      clearTimeout(timer);
      timer = setTimeout(rest, PATIENCE);
      // After a rest it fades in at its own pitch, and does not slide there from the last one.
      if (isQuiet) sound.pitch.value = pitchOf(cost, range);
      else glide(sound.pitch, pitchOf(cost, range));
      glide(sound.loudness, LOUDNESS);
      heard = cost;
      isQuiet = false;
    },
    /** Fades the tone out: the motion has paused. */
    rest,
  };
}
