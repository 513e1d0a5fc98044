/** What kind of trouble a storage met. */
export type StorageTrouble =
  | "not a database"
  | "damaged"
  | "foreign database"
  | "wrong schema"
  | "read-only"
  | "full"
  | "locked"
  | "cannot open"
  | "input/output"
  | "unreachable"
  | "no access";

/**
 * Thrown when a storage cannot do its work: the file is unreadable, foreign,
 * read-only, locked, or the disk is full. What was stored before is untouched.
 */
export class StorageError extends Error {
  /** The class's name. */
  override readonly name = "StorageError";
  /** What kind of trouble it is. */
  readonly trouble: StorageTrouble;

  /**
   * Made by storages.
   *
   * @param trouble What kind of trouble it is.
   * @param message What was found, what is expected, and the mend.
   * @param options The cause.
   */
  constructor(
    trouble: StorageTrouble,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.trouble = trouble;
  }
}
