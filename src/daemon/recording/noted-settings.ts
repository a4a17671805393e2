import type { Sources } from "#config/load.ts";
import { programsOf } from "#config/programs.ts";
import type { SourceText } from "#config/source-text.ts";
import type { PlanInForce } from "#daemon/plan-reading.ts";
import type { MachineFacts } from "#plan/watermarks.ts";
import { aFlag, anAmount, aText, fieldsOf, insistOn, listOf, perhaps, type Shape } from "#recorded/shape.ts";

/** The settings as a recording holds them: all texts they were made of, and what they were resolved against. */
export interface NotedSettings {
  readonly sources: Sources;
  readonly facts: MachineFacts;
  /** Givers and programs that are in the texts and were not to be asked: what spoke against them cannot be found out from a recording. */
  readonly distrusted: readonly string[];
}

/** What a recording notes of a plan. */
export const noteOf = ({ sources, facts, loaded, plan }: PlanInForce): NotedSettings => ({
  sources,
  facts,
  distrusted: [...loaded.givers, ...programsOf(loaded)]
    .map(({ giver }) => giver.name)
    .filter((name) => ![...plan.notify.givers, ...plan.notify.programs].some((trusted) => trusted.name === name)),
});

const textsByName: Shape<Readonly<Record<string, string>>> = (value, fault): value is Record<string, string> =>
  typeof value === "object" && value !== null && listOf(aText())(Object.values(value), fault);

const numbersByName: Shape<Readonly<Record<string, number>>> = (value, fault): value is Record<string, number> =>
  typeof value === "object" && value !== null && listOf(anAmount())(Object.values(value), fault);

const aNote = fieldsOf<NotedSettings>({
  sources: fieldsOf<Sources>({
    presets: textsByName,
    files: listOf(fieldsOf<SourceText>({ path: aText(), text: aText() })),
    overrides: listOf(aText()),
    users: perhaps(numbersByName),
  }),
  facts: fieldsOf<MachineFacts>({
    ram: anAmount(),
    userMemory: anAmount(),
    swap: anAmount(),
    pageSize: anAmount(),
    hasPressure: aFlag,
  }),
  distrusted: listOf(aText()),
});

/** What {@link noteOf} made. @throws TypeError when it is something else */
export const readNote = (value: unknown): NotedSettings => insistOn(aNote, value, "settings");
