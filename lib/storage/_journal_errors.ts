import { StorageError, type StorageTrouble } from "./errors.ts";

/** The system's name of an error. */
export function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? "");
}

const known: readonly {
  readonly codes: readonly string[];
  readonly trouble: StorageTrouble;
  readonly mend: string;
}[] = [
  {
    codes: ["ENOENT", "ENOTDIR", "EISDIR"],
    trouble: "cannot open",
    mend: "the file cannot be opened or made; does its folder exist?",
  },
  {
    codes: ["EACCES", "EPERM", "EROFS"],
    trouble: "read-only",
    mend:
      "it may not be used so; mend its permissions and its folder's, or copy it elsewhere",
  },
  {
    codes: ["ENOSPC", "EDQUOT"],
    trouble: "full",
    mend:
      "the disk is full; free some space and go on, what was stored before is whole",
  },
  {
    codes: ["EIO"],
    trouble: "input/output",
    mend:
      "the disk could not be read or written; what was stored before is whole",
  },
];

/** The error where the file is not the one that was opened. */
export function journalGone(action: string, name: string): StorageError {
  return new StorageError(
    "gone",
    `Cannot ${action} ${name}: it was deleted, moved or replaced while it was open, and what is written now would be lost; put it back and go on, or keep what this process knows with exportStudy(study, "rescued.db") of "@etude/etude/interop"`,
  );
}

/** A system's error in words; other errors as they are. */
export function journalError(
  action: string,
  name: string,
  error: unknown,
): unknown {
  const code = codeOf(error);
  // Once it was open it was there.
  if (action !== "open" && (code === "ENOENT" || code === "ENOTDIR")) {
    return journalGone(action, name);
  }
  const found = known.find(({ codes }) => codes.includes(code));
  return found === undefined ? error : new StorageError(
    found.trouble,
    `Cannot ${action} ${name}: ${found.mend} (the system says: ${
      error instanceof Error ? error.message : String(error)
    })`,
    { cause: error },
  );
}
