import { after } from "node:test";
import { everything, startRecording } from "#daemon/recording/start-recording.ts";
import { gib, mib, milliseconds, seconds } from "#domain/units.ts";
import { openRecording } from "#recorded/read-recording.ts";
import { recordedMachine } from "#recorded/recorded-machine.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { recordingFolder } from "#test/support/a-recording.ts";
import { simulatedWorld } from "#test/support/simulated-world.ts";
import { type World, watchedBy } from "#test/support/world.ts";
import { describeMachine } from "./describe-machine.ts";

const folder = recordingFolder();
after(() => folder.remove());

const choice = () => ({ path: folder.path(), replaces: false, hasNames: true, limit: mib(64) });

/** A world whose machine is recorded while it is tried. */
function recordingWorld(): World {
  const world = simulatedWorld();
  const { machine, end: endRecording } = startRecording(choice(), world.machine);
  return watchedBy(machine, world, () => endRecording("the claim is proven"));
}

describeMachine("a machine that is being recorded", { make: recordingWorld, skip: [] });

/** Ten minutes in which nothing happens, with every fact read at every look. */
async function tapeCalm(): Promise<string> {
  using machine = aMachine().withRam(gib(2)).boot();
  const own = choice();
  const { machine: recorded, end } = startRecording(own, machine);
  while (machine.now() < seconds(600)) {
    recorded.sense(everything);
    await recorded.wait(milliseconds(machine.now() + 250));
  }
  await end("it was long enough");
  return own.path;
}

const calm = await tapeCalm();
const nobody = () => Promise.reject(new Error("Cannot start anybody in a recording: it is over"));

/** A recording, played back. Nobody can be started in it. */
function recordedWorld(): World {
  const machine = recordedMachine({ recording: openRecording(calm), scout: openRecording(calm) });
  return {
    machine,
    parentOfHogs: 1,
    memcg: () => "/",
    start: nobody,
    prepareGiver: nobody,
    end: () => undefined,
    isAlive: () => false,
    [Symbol.asyncDispose]() {
      machine[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}

describeMachine("a recording, played back,", {
  make: recordedWorld,
  skip: [
    {
      reason: "nobody can be started in a recording: what is not in it never was",
      tests: [
        "a hog is in the table as what it is",
        "a memcg is told to a look that asks for it, with those who are in it and nobody else",
        "a memcg that dies as a whole dies with the victim, and its exit is told when the last of it is gone",
        "a memcg of which one ignores SIGTERM is followed until that one dies of the escalation",
        "who has left a memcg that dies as a whole, or may not be signalled, is spared",
        "what takes locks of a process is not read in a hurry, and remembered from calm",
        "a stopped hog is shown as stopped",
        "those who share memory show the same address space",
        "who has gone is no longer in the table",
        "the death of a victim ends a wait",
        "a wait with a victim ends by its news long before its time",
        "news of a victim end every wait until they are sensed, and none after",
        "SIGTERM ends a hog that heeds it",
        "a hog that ignores SIGTERM lives on and dies of the escalation",
        "a stopped hog dies of SIGKILL",
        "who shares the memory dies with the victim",
        "who is only suspected of sharing lives",
        "an exit says when, and how the reaping went",
        "a victim is reported until it is released",
        "a victim that is watched is signalled by nobody, and its end is seen",
        "the end of a victim that is watched is that of all who share its memory",
        "a dry run touches nobody and says so until the victim is released",
        "a victim nobody asked to reap is reported as such",
        "reaping a killed victim comes to an end",
        "the memory of a victim that is not dying stays where it is",
        "nobody reaps whom nobody signalled",
        "a process that is another than the one decided upon lives",
        "a pid that is gone is refused",
        "a hog with oom_score_adj -1000 is never signalled",
        "a victim that shares its memory with somebody who must live is spared",
        "whose memory somebody keeps who must live is not waited for",
        "who was never signalled is not escalated",
        "who was released is forgotten, and not escalated",
        "who is gone is not watched",
        "a giver that was made ready gives when it is asked, and is reported until it is dismissed",
        "the end of a giver ends the wait",
        "a giver that fails says so",
        "a giver that was not made ready is not asked, and reported so",
        "a giver is asked once: for a second time it has to be made ready again",
        "a giver that hangs keeps no wait from its end, and is forgotten at once when it is dismissed",
        "a dry run makes nobody ready and asks nobody",
        "a program that was made ready has the victim leave, and its end is reported until it is dismissed",
        "a program that was not made ready asks nobody, and the signal that follows finds the victim held",
        "a program is run for nobody who is gone",
        "a dry run runs nothing",
      ],
    },
    {
      reason: "nobody is signalled in a recording, so nobody has to be refused: it is a dry run",
      tests: [
        "init is never signalled",
        "a machine never signals itself",
        "a machine never signals who it descends from",
      ],
    },
  ],
});
