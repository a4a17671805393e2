import type { Snapshot } from "#domain/snapshot.ts";
import { type Delta, diff, patch } from "./delta.ts";
import { fromJson, isList, type Json, toJson } from "./plain-value.ts";
import { aTapeHeader, aTapeRecord } from "./record-shapes.ts";
import { RecordingError } from "./recording-error.ts";
import { anAmount, fieldsOf, insistOn } from "./shape.ts";
import { type TapeHeader, type TapeRecord, tapeFormat } from "./tape-record.ts";

/** Makes records lines; what a look says is written as its difference to what was said before. */
export interface LineEncoder {
  header(header: TapeHeader): string;
  record(record: TapeRecord): string;
}

/**
 * Makes lines records again. Both throw a TypeError when a line is none of ours, or does not follow from those before it.
 * @throws TypeError, SyntaxError, RecordingError
 */
export interface LineDecoder {
  header(line: string): TapeHeader;
  record(line: string): TapeRecord;
}

/** What was last said of each fact, of the victims and of givers. */
type Known = Map<string, unknown>;

const victimsKey = "victims";

const line = (json: Json): string => `${JSON.stringify(json)}\n`;

/** An encoder that has said nothing yet. */
export function lineEncoder(): LineEncoder {
  const known: Known = new Map([[victimsKey, []]]);
  const remember = (key: string, value: unknown): Delta => {
    const delta = diff(known.get(key), value);
    known.set(key, value);
    return delta;
  };
  const look = (kind: "look" | "aside", { takenAt, ...rest }: Snapshot): Json => [
    kind,
    takenAt,
    Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, remember(key, value)])),
  ];
  return {
    header: (header) => line(["tidemark recording", toJson(header)]),
    record(record) {
      switch (record.kind) {
        case "settings":
          return line(["settings", toJson(record.settings)]);
        case "look":
        case "aside":
          return line(look(record.kind, record.snapshot));
        case "act":
          return line(["act", toJson(record.decision), toJson(record.outcome)]);
        case "wait":
          return line(["wait", record.until, record.waker]);
        case "end":
          return line(["end", record.why]);
      }
    },
  };
}

type Parts = readonly [kind: string, ...rest: Json[]];

function partsOf(text: string): Parts {
  const json: Json = JSON.parse(text);
  if (Array.isArray(json) && typeof json[0] === "string") return [json[0], ...json.slice(1)];
  throw new TypeError("Cannot read a line: it is no record");
}

/** A decoder that has been told nothing yet. */
export function lineDecoder(): LineDecoder {
  const known: Known = new Map([[victimsKey, []]]);
  const recall = (key: string, delta: Delta): unknown => {
    const value = patch(known.get(key), delta);
    known.set(key, value);
    return value;
  };
  const look = (takenAt: Json | undefined, deltas: Json | undefined): unknown => ({
    takenAt,
    ...Object.fromEntries(Object.entries(membersOf(deltas)).map(([key, delta]) => [key, recall(key, delta)])),
  });
  const read = ([kind, first, second]: Parts): unknown => {
    switch (kind) {
      case "settings":
        return { kind, settings: valueFrom(first) };
      case "look":
      case "aside":
        return { kind, snapshot: look(first, second) };
      case "act":
        return { kind, decision: valueFrom(first), outcome: valueFrom(second) };
      case "wait":
        return { kind, until: first, waker: second };
      case "end":
        return { kind, why: first };
      default:
        throw new TypeError(`Cannot read a record of kind "${kind}": there is no such kind`);
    }
  };
  return {
    header(text) {
      const [kind, header] = partsOf(text);
      if (kind !== "tidemark recording") throw new TypeError("Cannot read a header: it is another record");
      const value = valueFrom(header);
      const { format } = insistOn(aFormat, value, "header");
      // Of another format nothing more is known.
      if (format !== tapeFormat) throw new RecordingError("other-format", 0);
      return insistOn(aTapeHeader, value, "header");
    },
    record: (text) => insistOn(aTapeRecord, read(partsOf(text)), "record"),
  };
}

const aFormat = fieldsOf<Pick<TapeHeader, "format">>({ format: anAmount() });

const valueFrom = (json: Json | undefined): unknown => fromJson(json ?? null);

function membersOf(json: Json | undefined): { readonly [key: string]: Delta } {
  if (typeof json === "object" && json !== null && !isList(json)) return json;
  throw new TypeError("Cannot read a look: it holds no facts");
}
