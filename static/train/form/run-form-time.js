/**
 * How long a run is expected to take, by the speed that the server has measured: the formula of GET /speed.
 *
 * @import {Settings} from "../types.js"
 * @typedef {{start: number, image_read: number, step: number, parameter_sgd: number, parameter_momentum: number,
 *   parameter_adam: number, image: number, image_parameter: number, image_augmented: number}} Speed seconds each
 * @typedef {{training: number, held_out: number, test: number}} Images counts
 */

// The gradient's norm is taken over so many images an epoch.
const NORM_IMAGES = 10_000;

/**
 * @param {Pick<Settings, "batch_size" | "epochs" | "last_step">} settings
 * @param {Images} images
 * @returns {{each: number, all: number}} steps of an epoch, and of the run
 */
export function stepsOf({ batch_size, epochs, last_step }, { training }) {
  const each = batch_size === null ? 1 : Math.ceil(training / batch_size);
  return { each, all: Math.min(each * epochs, last_step ?? Infinity) };
}

/**
 * @param {Speed} speed
 * @param {Pick<Settings, "optimizer" | "augmentation" | "batch_size" | "epochs" | "last_step" | "pace">} settings
 * @param {{parameters: number, teacherParameters: number} & Images} sizes `teacherParameters` 0 without a teacher
 * @returns {number} seconds, from its start to its end
 */
export function expectedSeconds(speed, settings, { parameters, teacherParameters, training, held_out, test }) {
  const { each, all } = stepsOf(settings, { training, held_out, test });
  const isAugmented = settings.augmentation !== "none";
  const images = training + (each > 1 ? Math.min(training, NORM_IMAGES) : 0) + held_out / 2;
  const taught = (speed.image_parameter * teacherParameters) / 2;
  const view = isAugmented ? (training / 2) * (speed.image_augmented + taught) : 0;
  const epoch =
    each * (speed.step + speed[/** @type {keyof Speed} */ (`parameter_${settings.optimizer}`)] * parameters) +
    images * (speed.image + speed.image_parameter * parameters) +
    view;
  const first = isAugmented ? view : training * taught;
  const reading = speed.image_read * (training + held_out + test);
  return speed.start + reading + (all / each) * Math.max(settings.pace, epoch) + first;
}

const LENGTHS = /** @type {[number, string][]} */ ([
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
]);

/** A rough length of time: "about 40 seconds", "about 2 minutes". @param {number} seconds */
export function aboutWords(seconds) {
  const rounded = seconds < 10 ? Math.max(1, Math.round(seconds)) : Math.round(seconds / 5) * 5;
  // From one and a half on it is told in the larger unit.
  const [length, unit] = LENGTHS.find(([length]) => rounded >= 1.5 * length) ?? LENGTHS[LENGTHS.length - 1];
  const count = Math.round(rounded / length);
  return `about ${count.toLocaleString("en")} ${unit}${count === 1 ? "" : "s"}`;
}
