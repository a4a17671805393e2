import { answerSettings } from "#daemon/answer-settings.ts";
import { type AskedSettings, readNoted, takeLetter, writeLetter } from "#daemon/handover.ts";

// What a daemon starts to have settings read: the letter it lives by is descriptor 3, the answer is written to 4.
const [letter, answer] = [takeLetter("3"), takeLetter("4")];
const asked: AskedSettings = JSON.parse(process.argv[2] ?? "");
writeLetter(
  answerSettings(asked, () => readNoted(letter)),
  answer,
);
