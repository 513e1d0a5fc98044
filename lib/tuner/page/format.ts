import type { ParameterValue } from "../../space/mod.ts";

/** A number in few letters: `0.0123`, `3.2e-4`, `128`. */
export function number(value: number | null, digits = 4): string {
  if (value === null || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return minus(String(value));
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    return minus(`${Number(mantissa)}e${Number(exponent)}`);
  }
  return minus(String(Number(value.toPrecision(digits))));
}

function minus(text: string): string {
  return text.replaceAll("-", "−");
}

/** A parameter's value in few letters. */
export function valueText(value: ParameterValue | undefined): string {
  if (value === undefined) return "–";
  return typeof value === "number" ? number(value) : String(value);
}

/** What a person has typed as a number; NaN if it is none. */
export function readNumber(text: string): number {
  const plain = text.trim().replaceAll("−", "-").replace(",", ".");
  return plain === "" ? NaN : Number(plain);
}

/** A share as a percentage. */
export function percent(share: number): string {
  const value = 100 * share;
  return value > 0 && value < 1
    ? "< 1 %"
    : value < 100 && value > 99
    ? "> 99 %"
    : `${Math.round(value)} %`;
}

/** A duration in words. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 trial`, `2 trials`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** A configuration as TypeScript. */
export function asCode(
  params: Readonly<Record<string, ParameterValue>>,
): string {
  const lines = Object.entries(params).map(([name, value]) =>
    `  ${
      /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__proto__"
        ? name
        : JSON.stringify(name)
    }: ${JSON.stringify(value)},`
  );
  return `{\n${lines.join("\n")}\n}`;
}
