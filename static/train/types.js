/**
 * What the server answers, as /openapi.json describes it.
 *
 * @typedef {"starting" | "running" | "paused" | "stopping"} ActiveStatus
 * @typedef {ActiveStatus | "queued" | "finished" | "stopped" | "failed" | "diverged"} Status queued: waits in a sweep or in the queue
 *
 * @typedef {object} Settings of a run, as POST /admin/runs takes them
 * @property {string | null} [preset]
 * @property {number[]} hidden
 * @property {string} activation
 * @property {string} cost
 * @property {string} optimizer
 * @property {number} learning_rate
 * @property {number | null} batch_size null: all images
 * @property {number} epochs
 * @property {number} seed
 * @property {number} tolerance
 * @property {number} pace seconds that an epoch takes at least
 * @property {boolean} decay
 * @property {boolean} centred
 * @property {number} weight_decay
 * @property {number} temperature
 * @property {string | null} teacher
 * @property {string} augmentation
 * @property {number} styles drawings in other styles that are added to the images
 * @property {string} dataset
 * @property {string | null} data_sha256
 * @property {string | null} also another data set whose images are added
 * @property {string | null} measured_on another data set whose held-out images are answered too
 * @property {string | null} collection_sha256 hash of a room's images
 * @property {[number, number][]} rates (step, learning rate) each
 * @property {number | null} last_step
 *
 * @typedef {{presets: Record<string, Settings>, defaults: Settings}} Presets
 *
 * @typedef {Settings[keyof Settings]} Setting the value of one
 *
 * @typedef {object} Run
 * @property {number} id
 * @property {string | null} name
 * @property {string | null} note
 * @property {number | null} sweep_id
 * @property {Status} status
 * @property {string | null} reason
 * @property {Settings} settings
 * @property {number} parameters
 * @property {number} steps that it takes if nothing stops it
 * @property {number} step
 * @property {number} epoch
 * @property {number | null} cost on the images held out
 * @property {number | null} accuracy on the images held out, in 0..1
 * @property {number | null} test_accuracy in 0..1
 * @property {number} learning_rate
 * @property {string} created_at
 * @property {string | null} started_at
 * @property {string | null} ended_at
 * @property {string[]} published_as
 * @property {number | null} place in the queue, from 1 on
 *
 * @typedef {Run & {deleted_at: string}} DeletedRun
 *
 * @typedef {{at_once: number, active: number, queued: number}} Capacity how many runs can be trained, are, and wait
 *
 * @typedef {object} SweepRun
 * @property {number} id
 * @property {Status} status
 * @property {Partial<Settings>} settings those that the sweep varies
 * @property {number} steps
 * @property {number} step
 * @property {number} epochs
 * @property {number} epoch
 * @property {number | null} cost
 * @property {number | null} accuracy
 * @property {number | null} test_accuracy
 * @property {string | null} started_at
 * @property {string | null} ended_at
 *
 * @typedef {{values: Setting[]} | {low: number, high: number, scale: "linear" | "log"}} Varied
 * @typedef {{base: Partial<Settings>, method: "grid" | "random", vary: Record<string, Varied>, parallel: number}} Plan
 *
 * @typedef {object} SweepSummary
 * @property {number} id
 * @property {"running" | "stopping" | "finished" | "stopped"} status
 * @property {Plan} plan
 * @property {string} created_at
 * @property {string[]} fields the settings that vary
 * @property {number} total
 * @property {Partial<Record<Status, number>>} runs_by_status
 * @property {SweepRun | null} best
 *
 * @typedef {SweepSummary & {runs: SweepRun[]}} Sweep
 *
 * @typedef {object} Model a published network
 * @property {string} name
 * @property {string} version
 * @property {number[]} sizes
 * @property {number} parameters
 * @property {number | null} accuracy
 * @property {number | null} run_id
 * @property {string | null} published_at null for one that came with the app
 * @property {string} who
 * @property {string} why
 * @property {boolean} can_roll_back
 *
 * @typedef {{name: string, classes: string[], training: number, held_out: number, test: number, problem: string | null}} Dataset
 *
 * @typedef {object} EpochEvent
 * @property {number} epoch
 * @property {number} cost
 * @property {number} accuracy
 * @property {number} [measured_accuracy] with the setting measured_on
 * @property {number} gradient_norm
 * @property {number} seconds
 * @property {number} images_per_second
 * @property {(number | null)[]} [by_class]
 */

export {};
