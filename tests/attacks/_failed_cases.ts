/**
 * Cases that failed once, by target, as fast-check names them: each is tried again
 * by the tests. Where what is made up changes they become other cases, so what was
 * behind each has a test of its own beside.
 *
 * @module
 */

/** A case that failed once. */
export interface FailedCase {
  /** The target's name. */
  readonly target: string;
  /** Where fast-check began. */
  readonly seed: number;
  /** Which case it was. */
  readonly path: string;
  /** What was wrong. */
  readonly was: string;
}

/** All of them. */
export const failedCases: readonly FailedCase[] = [
  {
    target: "space in JSON",
    seed: 20_261_124,
    path: "2882",
    was: "a forbidden combination without values ended in the engine's words",
  },
  {
    target: "autoSampler",
    seed: 20_261_124,
    path: "11:3:2:2:2:3:3:3:5:5:6:6:6:6:6:6:8:8:8:8:8:8:8:7:7:7",
    was: "a constraint's value of NaN counted as known",
  },
  {
    target: "gpSampler",
    seed: 20_261_124,
    path:
      "17:0:0:1:0:0:0:0:0:0:1:1:1:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:3:2:2:2:2:3:3:5:5:5:5:5:5:6:5:5:5:5:5:5:5:5",
    was: "distances to values far outside of a narrowed range were infinite",
  },
  {
    target: "gpSampler",
    seed: 20_261_124,
    path: "444",
    was: "the ratio of a huge and a tiny constraint's value was infinite",
  },
  {
    target: "forestSampler",
    seed: 20_261_124,
    path: "391",
    was: "likewise",
  },
  {
    target: "freezeThawSampler",
    seed: 20_261_124,
    path: "53",
    was: "the squares of huge values of curves were infinite",
  },
  {
    target: "bohbSampler",
    seed: 20_261_124,
    path:
      "16:1:3:2:3:4:4:4:2:2:2:2:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1",
    was:
      "in a space with rules a parameter called constructor had the function of that name for its value",
  },
  {
    target: "cmaEsSampler",
    seed: 20_261_124,
    path: "25",
    was:
      "under a predicate the nearest configuration hung on what had been asked before",
  },
  {
    target: "gradientSampler",
    seed: 20_261_124,
    path: "362:0:1:0:1:1:1:1:1:4:4:4:4:4:4:4",
    was: "a descent began at a trial that the space no longer allows",
  },
  {
    target: "study files: damaged pages",
    seed: 20_261_124,
    path: "4",
    was: "what SQLite said of a damaged schema went through",
  },
  {
    target: "study files: damaged pages",
    seed: 20_261_124,
    path: "14",
    was: "an unsupported file format was not put in words",
  },
  {
    target: "curve prior in JSON",
    seed: 20_261_124,
    path: "1",
    was: "a reading that is none ended in the engine's words",
  },
  {
    target: "attributes that say something",
    seed: 20_261_124,
    path: "23",
    was: "a skipped source without a reason ended in the engine's words",
  },
  {
    target: "space mapping in JSON",
    seed: 20_261_124,
    path: "124",
    was: "a rule without a parameter's name ended in the engine's words",
  },
  {
    target: "space mapping in JSON",
    seed: 20_261_124,
    path: "785",
    was: "corrections of null ended in the engine's words",
  },
];
