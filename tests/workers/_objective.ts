import { appendFileSync } from "node:fs";
import { randomSampler, type Trial } from "../../mod.ts";

/** Says in a file when it begins and when it is through; a few values in between. */
export default async function (trial: Trial): Promise<number> {
  const log = (what: string) =>
    appendFileSync(
      Deno.env.get("ETUDE_TEST_LOG")!,
      `${what} ${trial.number}\n`,
    );
  log("begin");
  const x = Number(trial.params.x);
  for (let step = 1; step <= 3; step++) {
    await new Promise((resolve) => setTimeout(resolve, 15));
    await trial.report(step, { "loss": x * x + 1 / step, "train loss": x });
  }
  log("end");
  return x * x;
}

export const sampler = randomSampler();
