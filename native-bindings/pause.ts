import type { Milliseconds } from "#domain/units.ts";
import { declare } from "./libc.ts";

/** unistd.h; useconds_t is unsigned int. */
const usleep = declare<(microseconds: number) => number>("int usleep(unsigned int microseconds)");

const usPerMs = 1000;

/** Stops this thread for so long, or until a signal comes: others that wait for its processor get it. */
export const pauseThread = (span: Milliseconds): void => void usleep()(Math.ceil(span * usPerMs));
