/**
 * What TensorBoard's HParams plugin writes into event files, in a value's
 * metadata (9): plugin data = 1: name = 1, content = 2. The content has an
 * experiment = 2, the start of a session = 3, or its end = 4.
 *
 * Source: `tensorboard/plugins/hparams/plugin_data.proto` and `api.proto`.
 *
 * @module
 */

import type { ParameterValue } from "../space/mod.ts";
import {
  doubleIn,
  doubleOf,
  fieldsOf,
  messagesOf,
  textOf,
  wholeOf,
} from "./_protobuf.ts";

/** What a hyperparameter can be, as an experiment declares it. */
export interface DeclaredHyperparameter {
  /** The name. */
  readonly name: string;
  /** The values, where they are listed; else null. */
  readonly values: readonly ParameterValue[] | null;
  /** The range, where it is one; else null. */
  readonly range: readonly [low: number, high: number] | null;
}

/** What the HParams plugin has noted of an experiment or a run. */
export type HyperparameterNote =
  | {
    /** What is searched and measured. */
    readonly type: "experiment";
    /** The hyperparameters declared. */
    readonly parameters: readonly DeclaredHyperparameter[];
    /** The tags of what is measured. */
    readonly metrics: readonly string[];
  }
  | {
    /** A run began. */
    readonly type: "start";
    /** Its hyperparameters. */
    readonly params: Readonly<Record<string, ParameterValue>>;
    /** When, in seconds since 1970; null where it is not said. */
    readonly timeSeconds: number | null;
  }
  | {
    /** A run ended. */
    readonly type: "end";
    /** Whether it ended well. */
    readonly isFailed: boolean;
    /** When, in seconds since 1970; null where it is not said. */
    readonly timeSeconds: number | null;
  };

const failure = 2;

/** The note in a summary's value; null if it has none. */
export function noteOf(value: Uint8Array): HyperparameterNote | null {
  for (const metadata of messagesOf(value, 9)) {
    for (const plugin of messagesOf(metadata, 1)) {
      if (textOf(plugin, 1) !== "hparams") continue;
      const [content] = messagesOf(plugin, 2);
      return content === undefined ? null : contentOf(content);
    }
  }
  return null;
}

function contentOf(content: Uint8Array): HyperparameterNote | null {
  const [experiment] = messagesOf(content, 2);
  if (experiment !== undefined) {
    return {
      type: "experiment",
      parameters: messagesOf(experiment, 4).map(declaredOf),
      metrics: messagesOf(experiment, 5).flatMap((metric) =>
        messagesOf(metric, 1).map((name) =>
          [textOf(name, 1), textOf(name, 2)].filter((part) => part !== "")
            .join("/")
        )
      ),
    };
  }
  const [start] = messagesOf(content, 3);
  if (start !== undefined) {
    return {
      type: "start",
      params: Object.fromEntries(
        messagesOf(start, 1).map((entry) => [
          textOf(entry, 1),
          plainValue(messagesOf(entry, 2)[0] ?? new Uint8Array()),
        ]),
      ),
      timeSeconds: doubleOf(start, 5),
    };
  }
  const [end] = messagesOf(content, 4);
  return end === undefined ? null : {
    type: "end",
    isFailed: wholeOf(end, 1) === failure,
    timeSeconds: doubleOf(end, 2),
  };
}

function declaredOf(info: Uint8Array): DeclaredHyperparameter {
  const [list] = messagesOf(info, 5);
  const [interval] = messagesOf(info, 6);
  return {
    name: textOf(info, 1),
    values: list === undefined ? null : messagesOf(list, 1).map(plainValue),
    range: interval === undefined
      ? null
      // What is 0 is not written.
      : [doubleOf(interval, 1) ?? 0, doubleOf(interval, 2) ?? 0],
  };
}

/** A `google.protobuf.Value` that is no list and no object. */
function plainValue(bytes: Uint8Array): ParameterValue {
  for (const [number, value] of fieldsOf(bytes)) {
    if (number === 4 && typeof value === "bigint") return value !== 0n;
    if (!(value instanceof Uint8Array)) continue;
    if (number === 2) return doubleIn(value);
    if (number === 3) return new TextDecoder().decode(value);
  }
  return null;
}
