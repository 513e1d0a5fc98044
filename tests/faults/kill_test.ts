/**
 * `kill -9` at random moments, over every storage that outlives its process: a few in
 * every run of the tests, 1,200 by `deno task faults`.
 *
 * @module
 */

import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import { type RandomStream, randomStream } from "../../lib/math/mod.ts";
import type { TrialRecord } from "../../lib/records/mod.ts";
import { kills, seed } from "./_extent.ts";
import {
  describeEachStorage,
  type Place,
  type Places,
  storageKinds,
} from "./_kinds.ts";
import { checkTrial, endLine } from "./_plan.ts";

const kept = storageKinds.filter(({ isKept }) => isKept);
/** Each place suffers so many, by two processes at once. */
const killsAPlace = 24;
const victims = 2;

/** What was tried and found. */
interface Counts {
  kills: number;
  /** Kills before the process had finished a trial: while it opened the storage, or began. */
  early: number;
  places: number;
  acknowledged: number;
  interrupted: number;
  points: number;
}

/** A process that runs the study, and what it says. */
class Victim {
  readonly #child: Deno.ChildProcess;
  /** The lines it says, whole ones, once it is over. */
  readonly said: Promise<string[]>;
  /** Resolves when it has said something, or is over. */
  readonly began: Promise<void>;

  constructor(place: Place, trials?: number) {
    const script = new URL("./_victim.ts", import.meta.url).pathname;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", script, String(place.storage)]
        .concat(trials === undefined ? [] : [String(trials)]),
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.began = promise;
    this.said = this.#listen(resolve);
  }

  async #listen(begin: () => void): Promise<string[]> {
    let text = "";
    for await (
      const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      text += chunk;
      begin();
    }
    begin();
    // The last line may be cut off by the kill: only whole lines count.
    return text.split("\n").slice(0, -1);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** How it ended. */
  get status(): Promise<Deno.CommandStatus> {
    return this.#child.status;
  }
}

const pause = (ms: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Reads a place as whoever comes next does: what processes that are gone have left is failed. */
async function readPlace(place: Place): Promise<readonly TrialRecord[]> {
  const storage = place.open();
  const found = await storage.findStudy("victim");
  if (found !== null) await storage.failAbandoned(found.id);
  const trials = found === null ? [] : await storage.readTrials(found.id);
  await storage.close();
  return trials;
}

/** Holds what was said against what is there. */
function checkSaid(
  trials: readonly TrialRecord[],
  said: readonly string[],
): void {
  for (const line of said) {
    const trial = trials[Number(line.split(" ")[0])];
    expect(trial).toBeDefined();
    // A queued one may have been taken meanwhile.
    if (!line.endsWith("waiting")) expect(endLine(trial!)).toBe(line);
  }
}

/** Kills processes in a place one after the other, two at a time, and looks after each. */
async function suffer(
  place: Place,
  count: number,
  random: RandomStream,
  counts: Counts,
): Promise<void> {
  const said: string[] = [];
  let left = count;
  const lane = async () => {
    while (left-- > 0) {
      const victim = new Victim(place);
      // Every fourth may be hit while it opens the storage, or makes it.
      const isEarly = random.uniform() < 0.25;
      if (!isEarly) await victim.began;
      await pause(random.uniform() * (isEarly ? 300 : 60));
      victim.kill();
      const own = await victim.said;
      await victim.status;
      counts.kills++;
      if (own.length === 0) counts.early++;
      said.push(...own);
      expect(place.broken()).toBe(null);
      checkSaid(await readPlace(place), own);
    }
  };
  await Promise.all(Array.from({ length: victims }, lane));

  // The study goes on, and ends as any other.
  const last = new Victim(place, 5);
  const goneOn = await last.said;
  expect((await last.status).success).toBe(true);
  said.push(...goneOn);
  expect(goneOn.filter((line) => !line.endsWith("waiting")).length).toBe(5);

  const trials = await readPlace(place);
  expect(place.broken()).toBe(null);
  expect(trials.map(({ number }) => number)).toEqual(trials.map((_, i) => i));
  checkSaid(trials, said);
  const ended = said.filter((line) => !line.endsWith("waiting"));
  const numbers = ended.map((line) => line.split(" ")[0]);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const trial of trials) {
    counts.points += checkTrial(trial);
    if (/^Interrupted/.test(trial.error ?? "")) counts.interrupted++;
  }
  counts.places++;
  counts.acknowledged += ended.length;
}

async function sufferAll(
  places: Places,
  count: number,
  random: RandomStream,
): Promise<Counts> {
  const counts: Counts = {
    kills: 0,
    early: 0,
    places: 0,
    acknowledged: 0,
    interrupted: 0,
    points: 0,
  };
  while (counts.kills < count) {
    const some = Math.min(killsAPlace, count - counts.kills);
    await suffer(places.fresh(), some, random, counts);
  }
  return counts;
}

describeEachStorage("kill -9", (places, kind) => {
  const share = Math.ceil(kills / kept.length);
  it(`at ${share} random moments (seed ${seed}) loses no finished trial and none of its reports; nothing is broken, and the study goes on`, async () => {
    const counts = await sufferAll(
      places(),
      share,
      randomStream(seed, "kill", kind.name),
    );
    console.log(
      `${kind.name}: ${counts.kills} kills in ${counts.places} places, ${counts.early} of them before the first trial had ended; ${counts.acknowledged} trials told, ${counts.interrupted} known as interrupted, ${counts.points} points whole: 0 lost, 0 finished twice`,
    );
  });
}, kept);
