/**
 * Types only: the type of the configuration that a space samples.
 *
 * A parameter under a condition on one parent with literal values makes a
 * discriminated union: `if (params.optimizer === "sgd") params.momentum` is a
 * `number`. Under any other condition it is optional.
 *
 * @module
 */

import type { ParameterBuilder } from "./builders.ts";
import type { ParameterValue } from "./parameter.ts";

/** What {@linkcode space} takes: builders by name. */
export type SpaceDefinition = Readonly<
  Record<string, ParameterBuilder<ParameterValue, unknown>>
>;

/** @internal */
type ValueOf<B> = B extends ParameterBuilder<infer T, unknown> ? T : never;
type ConditionOf<B> = B extends { readonly conditionType?: infer W }
  ? Exclude<W, undefined>
  : never;
type IsConditional<B> = [ConditionOf<B>] extends [never] ? false : true;
type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true)
  : never;
type IsLiteral<T> = string extends T ? false : number extends T ? false : true;

/** The values of the parent that a condition accepts, or never if it is a range. */
type Accepted<Wanted> = Wanted extends readonly (infer V)[] ? V
  : Wanted extends { readonly min?: number; readonly max?: number }
    ? (Wanted extends ParameterValue ? Wanted : never)
  : Wanted;

/** @internal */
type UnconditionalKeys<D> = {
  [K in keyof D]: IsConditional<D[K]> extends true ? never
    : K;
}[keyof D];
type ConditionalKeys<D> = Exclude<keyof D, UnconditionalKeys<D>>;

/** The one parent that decides about K, if it can discriminate; otherwise never. */
type DecidingParent<D, K extends keyof D> = keyof ConditionOf<D[K]> extends
  infer P ? IsUnion<P> extends true ? never
  : P extends UnconditionalKeys<D> & keyof D
    ? IsLiteral<ValueOf<D[P]>> extends true
      ? P extends keyof ConditionOf<D[K]>
        ? [Accepted<ConditionOf<D[K]>[P]>] extends [never] ? never : P
      : never
    : never
  : never
  : never;

/** @internal */
type Parents<D> = {
  [K in ConditionalKeys<D>]: DecidingParent<D, K>;
}[ConditionalKeys<D>];
type ChildrenOf<D, P> = {
  [K in ConditionalKeys<D>]: DecidingParent<D, K> extends P
    ? ([DecidingParent<D, K>] extends [never] ? never : K)
    : never;
}[ConditionalKeys<D>];
/** @internal */
type Loose<D> = Exclude<ConditionalKeys<D>, ChildrenOf<D, Parents<D>>>;

/** @internal */
type Simplify<T> = T extends unknown ? { [K in keyof T]: T[K] } : never;

type AcceptedBy<D, K extends keyof D, P> = P extends keyof ConditionOf<D[K]>
  ? Accepted<ConditionOf<D[K]>[P]>
  : never;

/** For each value of the parent, the parent and its children: active ones required, the others absent. */
type Branches<D, P extends keyof D, V = ValueOf<D[P]>> = V extends unknown ?
    & { readonly [K in P]: V }
    & {
      readonly [
        K in ChildrenOf<D, P> as V extends AcceptedBy<D, K & keyof D, P> ? K
          : never
      ]: ValueOf<D[K & keyof D]>;
    }
    & {
      readonly [
        K in ChildrenOf<D, P> as V extends AcceptedBy<D, K & keyof D, P> ? never
          : K
      ]?: undefined;
    }
  : never;

/** @internal */
type AllBranches<D> = [Parents<D>] extends [never] ? unknown
  : {
    [P in Parents<D> & keyof D]: (branch: Branches<D, P>) => void;
  }[Parents<D> & keyof D] extends (
    all: infer All,
  ) => void ? All
  : never;

/** The type of the configuration that a space with the definition `D` samples. */
export type ConfigurationOfDefinition<D extends SpaceDefinition> = Simplify<
  & { readonly [K in Exclude<UnconditionalKeys<D>, Parents<D>>]: ValueOf<D[K]> }
  & { readonly [K in Loose<D>]?: ValueOf<D[K]> }
  & AllBranches<D>
>;

/**
 * The type of the configurations that a space samples:
 * `type Params = ConfigurationOf<typeof searchSpace>`.
 */
export type ConfigurationOf<
  S extends {
    readonly dimension: number;
    readonly configurationType?: unknown;
  },
> = S extends { readonly configurationType?: infer C } ? Exclude<C, undefined>
  : never;
