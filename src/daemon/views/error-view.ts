import { SystemError } from "#domain/system-error.ts";

/** An error for people: what kind of trouble it is decides how the program ends. */
export interface ErrorView {
  readonly trouble: "permission" | "unsupported" | "system" | "bug";
  /** One line, or a stack when it is a mistake of ours. */
  readonly text: string;
}

/** What to say of an error that nobody could treat. */
export function viewError(error: unknown): ErrorView {
  if (error instanceof SystemError) return { trouble: troubleOf(error.errno), text: error.message };
  return { trouble: "bug", text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function troubleOf(errno: string): ErrorView["trouble"] {
  switch (errno) {
    case "EPERM":
    case "EACCES":
      return "permission";
    case "ENOSYS":
    case "EOPNOTSUPP":
      return "unsupported";
    default:
      return "system";
  }
}
