/** What an object has under a name itself: parameters may be called `constructor`, which every object inherits. */
export function ownValue<T>(
  record: Readonly<Record<string, T>>,
  name: string,
): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
