/**
 * The thresholds of the diagnosis, in one place. Levels are shares of the
 * baseline; they were set by the tasks that `bench/curves/diagnosis.ts` says.
 *
 * @module
 */

/** When a training is broken, too slow, or cut short. */
export const trainingLimits = {
  /** A training that ends this far above its lowest point has lost what it had. */
  lost: 0.2,
  /** Above this it is worse than a constant answer. */
  worseThanConstant: 1.03,
  /** Above this nothing much was learned. */
  stuck: 0.88,
  /** The same for a training that is thrown about widely. */
  stuckAndWild: 0.6,
  /** Noise, as a share of the level, beyond which a stuck training is thrown about. */
  thrown: 0.008,
  /** A movement below this is none. */
  still: 0.05,
  /** Above this a steady fall has only begun. */
  begun: 0.85,
  /** A loss that was this many baselines once was thrown there. */
  exploded: 5,
  /** The share of the descent that came in the last third, above which it goes on. */
  goesOn: 0.07,
  /** How fast it still falls at the very end: a schedule that ends near 0 leaves nothing. */
  stillFalling: 0.4,
  /** Learning rates that differ by this factor from the better trials' are suspicious. */
  rateFactor: 8,
};

/** When the validation says something of the model or of the data. */
export const validationLimits = {
  /** A rise, as a share of the lowest validation value, that does harm. */
  rise: 0.05,
  /** The same as a share of the baseline. */
  riseOfBaseline: 0.006,
  /** A gap at the end that counts where the validation is this many times the training. */
  gap: 0.04,
  gapRatio: 2.5,
  /** The same where the training is all but memorized. */
  gapRatioIfSmall: 1.85,
  /** A gap at the end that counts by itself. */
  wideGap: 0.4,
  /** A gap in the first epochs. */
  earlyGap: 0.15,
  /** A validation that stays above this while the training learns. */
  never: 0.9,
  /** A training that ends below this has memorized, whatever the validation. */
  kept: 0.04,
  /** A level that is all but perfect. */
  perfect: 0.03,
  /** A level at which a model has memorized its data. */
  memorized: 0.09,
  /** Noise of the validation as a share of its level. */
  noisy: 0.04,
  /** Noise of the training as a share of its level. */
  trainNoisy: 0.018,
  /** Times the level of the better trials. */
  underfit: 1.4,
  /** The same where others have a gap and this training none. */
  underfitIfGapless: 1.2,
};
