/**
 * Checks what an objective says of its derivatives.
 *
 * @throws {TypeError} If it is no object of numbers.
 * @throws {RangeError} If a name is not that of an active number, or a derivative not finite.
 */
export function checkGradient(
  number: number,
  params: unknown,
  derivatives: unknown,
): void {
  const about = `Cannot keep the gradient of trial ${number}`;
  if (typeof derivatives !== "object" || derivatives === null) {
    throw new TypeError(
      `${about}: found ${
        JSON.stringify(derivatives) ?? String(derivatives)
      }, expected an object of derivatives such as { learningRate: 0.3 }`,
    );
  }
  const known = params as Readonly<Record<string, unknown>>;
  for (const [name, derivative] of Object.entries(derivatives)) {
    const shown = JSON.stringify(name);
    if (!Object.hasOwn(known, name) || typeof known[name] !== "number") {
      const numbers = Object.keys(known)
        .filter((other) => typeof known[other] === "number");
      throw new RangeError(
        `${about}: ${shown} is not one of its numbers, expected ${
          numbers.slice(0, 8).map((other) => JSON.stringify(other))
            .join(", ") || "none, since it has no numbers"
        }${numbers.length > 8 ? ", …" : ""}`,
      );
    }
    if (typeof derivative !== "number") {
      throw new TypeError(
        `${about}: the derivative by ${shown} is ${
          JSON.stringify(derivative) ?? String(derivative)
        }, expected a number`,
      );
    }
    if (!Number.isFinite(derivative)) {
      throw new RangeError(
        `${about}: the derivative by ${shown} is ${derivative}, expected a finite number; where the training diverges there is none, so a smaller range of ${shown} may help`,
      );
    }
  }
}
