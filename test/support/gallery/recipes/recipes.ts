import { browser } from "./browser.ts";
import { build } from "./build.ts";
import type { Recipe } from "./recipe.ts";

/** What `npm run gallery:record` can record. */
export const recipes: readonly Recipe[] = [browser, build];
