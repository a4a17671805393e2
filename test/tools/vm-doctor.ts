import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { examinePatient, misjudgement, type Patient, patients } from "#test/vm/examination.ts";
import { earlyoomGuard } from "#test/vm/guards.ts";
import { lacksGuests } from "#test/vm/host.ts";
import { fetchKernel } from "#test/vm/kernel.ts";
import { inPool } from "#test/vm/pool.ts";
import { makeRootImage } from "#test/vm/root-image.ts";

const help = `Usage: npm run test:doctor

Boots a virtual machine for each fault that tidemark doctor knows to find in a kernel, asks doctor there, and compares:
${patients.map(({ name }) => name).join(", ")}. Needs what npm run test:vm needs. Exit status 1 when doctor is wrong.
`;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const atOnce = 2;

async function examine(patient: Patient, folder: string, rootImage: string): Promise<boolean> {
  const kernel = fetchKernel(patient.series);
  const examined = await examinePatient(patient, { kernel, rootImage, folder });
  const trouble = misjudgement(patient, examined);
  const told = examined.diagnoses.filter(({ severity }) => severity !== "fine");
  print(`${trouble === undefined ? "ok  " : "FAIL"} ${patient.name}, Linux ${kernel.release}`);
  for (const { topic, severity, finding } of told) print(`     ${topic}, ${severity}: ${finding}`);
  if (trouble !== undefined) print(`     ${trouble}\n${examined.console}`);
  return trouble === undefined;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { help: { type: "boolean", default: false } } });
  const lacking = values.help ? false : lacksGuests(atOnce);
  if (values.help || lacking !== false) {
    print(lacking === false ? help : `Cannot examine: ${lacking}`);
    return values.help ? 0 : 1;
  }
  const folder = mkdtempSync(join(tmpdir(), "tidemark-doctor-"));
  try {
    const rootImage = makeRootImage(folder, earlyoomGuard);
    const results = await inPool(patients, atOnce, (patient) => examine(patient, folder, rootImage));
    return results.every(Boolean) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
