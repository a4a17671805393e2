import type { Signal } from "#domain/decision.ts";

/** asm-generic/signal.h: the same on x86-64 and arm64. */
export const signalNumbers: Readonly<Record<Signal, number>> = { SIGKILL: 9, SIGTERM: 15 };
