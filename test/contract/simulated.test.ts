import { simulatedWorld } from "#test/support/simulated-world.ts";
import { describeMachine } from "./describe-machine.ts";

describeMachine("simulated", { make: simulatedWorld, skip: [] });
