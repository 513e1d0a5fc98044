/** Takes all trials that wait, as fast as it can; prints their numbers. */
import { openStorage } from "../../mod.ts";

const [path, name] = Deno.args;
const storage = openStorage(path!);
const { id } = (await storage.findStudy(name!))!;
const numbers: number[] = [];
while (true) {
  const trial = await storage.claimTrial(id);
  if (trial === null) break;
  numbers.push(trial.number);
  await storage.setParams(id, trial.number, { x: 0.5 });
  await storage.finishTrial(id, trial.number, {
    state: "complete",
    values: [1],
  });
}
console.log(JSON.stringify(numbers));
await storage.close();
