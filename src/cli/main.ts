#!/usr/bin/env node
import { programUrl } from "#daemon/program-file.ts";

// A door: what is behind it is one file in an installation, and modules in a checkout that was only compiled.
await import(programUrl("command-line"));
