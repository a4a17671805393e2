import { presentable } from "#journal/presentable.ts";
import type { Style } from "./render/style.ts";

/** Where a command puts what it has to say. */
export interface Output {
  /** The answer: one or more lines on stdout. */
  readonly print: (text: string) => void;
  /** Everything else: one or more lines on stderr. */
  readonly complain: (text: string) => void;
  /** One object per line on stdout, its schema first. */
  readonly record: (schema: RecordSchema, fields: object) => void;
  /** Waits until the answer so far has been taken; false when nobody reads it any more. For answers of any length. */
  readonly drained: () => Promise<boolean>;
  /** The answer is wanted as records, not as text. */
  readonly isJson: boolean;
  readonly style: Style;
  readonly screen: Screen;
}

/** What drawings are made for. */
export interface Screen {
  /** In columns; never more than a line of ours has. */
  readonly width: number;
  /** It can show more than ASCII, as its locale says. */
  readonly isUnicode: boolean;
}

/** What a line of `--json` holds. A change that breaks readers gets a new number. */
export type RecordSchema = `tidemark.${string}/${number}`;

/** An output over two writers. */
export function createOutput(
  write: {
    readonly stdout: (text: string) => void;
    readonly stderr: (text: string) => void;
    readonly drained: () => Promise<boolean>;
  },
  { isJson, style, screen }: Pick<Output, "isJson" | "style" | "screen">,
): Output {
  return {
    print: (text) => write.stdout(`${text}\n`),
    complain: (text) => write.stderr(`${text}\n`),
    record: (schema, fields) => write.stdout(`${JSON.stringify({ schema, ...presentable(fields) })}\n`),
    drained: write.drained,
    isJson,
    style,
    screen,
  };
}
