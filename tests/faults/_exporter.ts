/**
 * Writes a study into a file over and over, or mends a torn journal over and over,
 * until it is killed. Says so each time that it is done.
 *
 * @module
 */

import { exportStudy, repairJournal } from "../../lib/interop/mod.ts";
import { smallStudy } from "./_small_study.ts";

const [storage, path, torn] = Deno.args;
const encoder = new TextEncoder();
const say = () => void Deno.stdout.writeSync(encoder.encode("done\n"));

const study = await smallStudy({ storage: storage! });
for (;;) {
  if (torn === undefined) await exportStudy(study, path!, { overwrite: true });
  else {
    await Deno.copyFile(torn, `${path}.new`);
    await Deno.rename(`${path}.new`, path!);
    await Deno.remove(`${path}.torn`).catch(() => {});
    await repairJournal(path!);
  }
  say();
}
