/** Whether two types are the same: `true` or `false`. Aliases are seen through, `any` is not taken for all. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true
  : false;

/** A compile error unless the type is `true`. */
export type Expect<T extends true> = T;
