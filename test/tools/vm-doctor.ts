import { examinePatient, misjudgement, type Patient, patients } from "#test/vm/examination.ts";
import { earlyoomGuard } from "#test/vm/guards.ts";
import { requireGuests } from "#test/vm/host.ts";
import { fetchKernel } from "#test/vm/kernel.ts";
import { inPool } from "#test/vm/pool.ts";
import { makeRootImage } from "#test/vm/root-image.ts";
import { print, runTool } from "#test/vm/tool.ts";

const help = `Usage: npm run test:doctor

Boots a virtual machine for each fault that tidemark doctor knows to find in a kernel, asks doctor there, and compares:
${patients.map(({ name }) => name).join(", ")}. Needs what npm run test:vm needs. Exit status 1 when doctor is wrong.
`;

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

async function run(_: unknown, folder: string): Promise<number> {
  requireGuests(atOnce);
  const rootImage = makeRootImage(folder, earlyoomGuard);
  const results = await inPool(patients, atOnce, (patient) => examine(patient, folder, rootImage));
  return results.every(Boolean) ? 0 : 1;
}

await runTool({ name: "doctor", help, options: {}, run });
