import { known, type Reading, unavailable } from "#domain/snapshot.ts";
import { failureOf, isAbsent } from "./failure.ts";
import { type KeptFile, type KeptFileOptions, keepFile } from "./kept-file.ts";

/** Reads one fact. A failure is its reading, and the next read tries again. */
export interface Sensor<T> extends Disposable {
  read(): Reading<T>;
}

/** A sensor of what `read` tells, which may throw as files and parsers do; `subject` is what a failure is about. */
export function makeSensor<T>(subject: string, read: () => T, files: readonly Disposable[] = []): Sensor<T> {
  return {
    read() {
      try {
        return known(read());
      } catch (error) {
        return unavailable(failureOf(error, subject));
      }
    },
    [Symbol.dispose]() {
      for (const file of files) file[Symbol.dispose]();
    },
  };
}

/** A sensor that is one file. */
export function makeFileSensor<T>(options: KeptFileOptions, parse: (bytes: Uint8Array) => T): Sensor<T> {
  const file = keepFile(options);
  return makeSensor(options.path, () => parse(file.read()), [file]);
}

/** What a file tells; undefined when this kernel or this machine has no such file. @throws ParseError, SystemError */
export function readIfThere<T>(file: KeptFile, parse: (bytes: Uint8Array) => T): T | undefined {
  let content: Uint8Array;
  try {
    content = file.read();
  } catch (error) {
    if (isAbsent(failureOf(error, "a file"))) return undefined;
    throw error;
  }
  return parse(content);
}
