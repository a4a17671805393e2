import { escapeText } from "./escape.ts";

/** No clock of ours is better than a microsecond, and nobody reads sixteen digits. */
const decimals = 3;

/** A value made of plain objects and arrays, fit to leave the program: every text escaped, every fraction rounded. */
export function presentable<T>(value: T): T;
export function presentable(value: unknown): unknown {
  if (typeof value === "string") return escapeText(value);
  if (typeof value === "number") return Number.isInteger(value) ? value : Number(value.toFixed(decimals));
  if (Array.isArray(value)) return value.map((inner: unknown) => presentable(inner));
  if (typeof value !== "object" || value === null) return value;
  const shown: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) shown[escapeText(name)] = presentable(inner);
  return shown;
}
