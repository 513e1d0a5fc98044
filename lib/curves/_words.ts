/** A number in words: three digits; never "NaN". */
export function show(value: number): string {
  if (Number.isNaN(value)) return "unknown";
  if (!Number.isFinite(value)) return value > 0 ? "infinite" : "−infinite";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e6 || size < 1e-4
    ? value.toExponential(1).replace(".0e", "e").replace("e+", "e")
    : String(Number(value.toPrecision(3)));
  return text.replace("-", "−");
}

/** A share in percent, whole or with two digits: "7.3 %". */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return show(share);
  const hundredfold = 100 * share;
  return `${
    Math.abs(hundredfold) >= 10
      ? show(
        Math.abs(hundredfold) >= 1e6 ? hundredfold : Math.round(hundredfold),
      )
      : show(Number(hundredfold.toPrecision(2)))
  } %`;
}

/** How often one number is in another: "3.2 ×". */
export function times(factor: number): string {
  return `${show(Number(factor.toPrecision(2)))} ×`;
}

/** "1 step", "3 steps". */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}

/** A list of steps, cut short: "3, 4, 7 and 12 more". */
export function list(items: readonly number[], most = 5): string {
  const shown = items.slice(0, most).map(String);
  const rest = items.length - shown.length;
  return rest > 0
    ? `${shown.join(", ")} and ${rest.toLocaleString("en-US")} more`
    : shown.length > 1
    ? `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`
    : shown.join("");
}
