/**
 * Test problems with constraints, all to be minimized; a constraint is kept where
 * its value is at most 0. Written from their sources' formulas.
 *
 * - `sines`, `sines-narrow`: the two simulations of Gardner et al., Bayesian
 *   optimization with inequality constraints (2014), section 4.1. In the second
 *   about 2 % of the square is feasible.
 * - `gramacy`: Gramacy et al., Modeling an augmented Lagrangian for blackbox
 *   constrained optimization (2016), section 2.
 * - `pressure-vessel`, `welded-beam`, `spring`: Coello Coello, Use of a
 *   self-adaptive penalty approach for engineering optimization problems (2000);
 *   the beam as in Deb (1991), the vessel with plates in sixteenths of an inch.
 * - `speed-reducer`: Golinski (1970), as in Mezura-Montes and Coello Coello (2005).
 *
 * @module
 */

/** A variable. */
export interface ConstrainedAxis {
  readonly name: string;
  readonly kind: "float" | "int";
  readonly low: number;
  readonly high: number;
}

/** A problem. */
export interface ConstrainedProblem {
  readonly name: string;
  readonly axes: readonly ConstrainedAxis[];
  /** How many constraints. */
  readonly constraints: number;
  /** A best known point. */
  readonly optimum: readonly number[];
  /** The value there. */
  readonly best: number;
  /** Value and constraints at a point. */
  evaluate(x: readonly number[]): {
    readonly value: number;
    readonly constraints: readonly number[];
  };
}

const { sin, cos, sqrt, PI } = Math;

function float(name: string, low: number, high: number): ConstrainedAxis {
  return { name, kind: "float", low, high };
}

function int(name: string, low: number, high: number): ConstrainedAxis {
  return { name, kind: "int", low, high };
}

const square = [float("x", 0, 6), float("y", 0, 6)];

/** All problems. */
export const constrainedProblems: readonly ConstrainedProblem[] = [
  {
    name: "sines",
    axes: square,
    constraints: 1,
    optimum: [4.62268, 5.8493],
    best: -1.8887514,
    evaluate: ([x = 0, y = 0]) => ({
      value: cos(2 * x) * cos(y) + sin(x),
      constraints: [cos(x) * cos(y) - sin(x) * sin(y) + 0.5],
    }),
  },
  {
    name: "sines-narrow",
    axes: square,
    constraints: 1,
    optimum: [4.712389, 1.253236],
    best: 0.253236,
    evaluate: ([x = 0, y = 0]) => ({
      value: sin(x) + y,
      constraints: [sin(x) * sin(y) + 0.95],
    }),
  },
  {
    name: "gramacy",
    axes: [float("a", 0, 1), float("b", 0, 1)],
    constraints: 2,
    optimum: [0.19512, 0.40467],
    best: 0.599788,
    evaluate: ([a = 0, b = 0]) => ({
      value: a + b,
      constraints: [
        1.5 - a - 2 * b - 0.5 * sin(2 * PI * (a * a - 2 * b)),
        a * a + b * b - 1.5,
      ],
    }),
  },
  {
    name: "pressure-vessel",
    axes: [
      int("shell", 1, 99),
      int("head", 1, 99),
      float("radius", 10, 200),
      float("length", 10, 200),
    ],
    constraints: 4,
    optimum: [13, 7, 42.0984456, 176.6365958],
    best: 6059.7143,
    evaluate([shell = 0, head = 0, r = 0, l = 0]) {
      const [s, h] = [shell / 16, head / 16];
      return {
        value: 0.6224 * s * r * l + 1.7781 * h * r * r + 3.1661 * s * s * l +
          19.84 * s * s * r,
        constraints: [
          0.0193 * r - s,
          0.00954 * r - h,
          1_296_000 - PI * r * r * l - (4 / 3) * PI * r ** 3,
          l - 240,
        ],
      };
    },
  },
  {
    name: "welded-beam",
    axes: [
      float("h", 0.1, 2),
      float("l", 0.1, 10),
      float("t", 0.1, 10),
      float("b", 0.1, 2),
    ],
    constraints: 7,
    optimum: [0.20572964, 3.47048867, 9.03662391, 0.20572964],
    best: 1.724852,
    evaluate([h = 0, l = 0, t = 0, b = 0]) {
      const [load, arm, young, shear] = [6000, 14, 30e6, 12e6];
      const r = sqrt(l * l / 4 + ((h + t) / 2) ** 2);
      const j = 2 * sqrt(2) * h * l * (l * l / 12 + ((h + t) / 2) ** 2);
      const first = load / (sqrt(2) * h * l);
      const second = load * (arm + l / 2) * r / j;
      const tau = sqrt(
        first ** 2 + first * second * l / r + second ** 2,
      );
      const buckling = 4.013 * young * sqrt(t * t * b ** 6 / 36) / arm ** 2 *
        (1 - t / (2 * arm) * sqrt(young / (4 * shear)));
      return {
        value: 1.10471 * h * h * l + 0.04811 * t * b * (14 + l),
        constraints: [
          tau - 13_600,
          6 * load * arm / (b * t * t) - 30_000,
          h - b,
          0.10471 * h * h + 0.04811 * t * b * (14 + l) - 5,
          0.125 - h,
          4 * load * arm ** 3 / (young * t ** 3 * b) - 0.25,
          load - buckling,
        ],
      };
    },
  },
  {
    name: "spring",
    axes: [float("wire", 0.05, 2), float("coil", 0.25, 1.3), float("n", 2, 15)],
    constraints: 4,
    optimum: [0.05168906, 0.35671774, 11.28896583],
    best: 0.012665233,
    evaluate: ([d = 0, coil = 0, n = 0]) => ({
      value: (n + 2) * coil * d * d,
      constraints: [
        1 - coil ** 3 * n / (71_785 * d ** 4),
        (4 * coil * coil - d * coil) / (12_566 * (coil * d ** 3 - d ** 4)) +
        1 / (5108 * d * d) - 1,
        1 - 140.45 * d / (coil * coil * n),
        (coil + d) / 1.5 - 1,
      ],
    }),
  },
  {
    name: "speed-reducer",
    axes: [
      float("face", 2.6, 3.6),
      float("module", 0.7, 0.8),
      int("teeth", 17, 28),
      float("length1", 7.3, 8.3),
      float("length2", 7.3, 8.3),
      float("shaft1", 2.9, 3.9),
      float("shaft2", 5, 5.5),
    ],
    constraints: 11,
    optimum: [3.5, 0.7, 17, 7.3, 7.715319912, 3.350214666, 5.286654465],
    best: 2994.471066,
    evaluate([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0]) {
      return {
        value: 0.7854 * a * b * b * (3.3333 * c * c + 14.9334 * c - 43.0934) -
          1.508 * a * (f * f + g * g) + 7.4777 * (f ** 3 + g ** 3) +
          0.7854 * (d * f * f + e * g * g),
        constraints: [
          27 / (a * b * b * c) - 1,
          397.5 / (a * b * b * c * c) - 1,
          1.93 * d ** 3 / (b * c * f ** 4) - 1,
          1.93 * e ** 3 / (b * c * g ** 4) - 1,
          sqrt((745 * d / (b * c)) ** 2 + 16.9e6) / (110 * f ** 3) - 1,
          sqrt((745 * e / (b * c)) ** 2 + 157.5e6) / (85 * g ** 3) - 1,
          b * c / 40 - 1,
          5 * b / a - 1,
          a / (12 * b) - 1,
          (1.5 * f + 1.9) / d - 1,
          (1.1 * g + 1.9) / e - 1,
        ],
      };
    },
  },
];
