import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { filesBelow, repositoryRoot } from "#test/support/repository.ts";

const help = `Usage: node dist/test/tools/make-oom-log.js [OPTION…] > LOG

Writes a long log of an ordinary machine, with reports of the kernel's OOM killer strewn over it.
The reports are those of test/fixtures/oom-reports that have a whole table and name a victim, one after the other, again and again.
The same options write the same bytes.

  --mib N        how long the log is (default 200, at most 4096)
  --reports N    how many reports it has (default 500)
  --output FILE  where it goes (default: standard output)
  --help         this text`;

const bytesPerMib = 1024 * 1024;
const mostMib = 4096;
const lineCount = 20_000;

const { values } = parseArgs({
  options: {
    mib: { type: "string", default: "200" },
    reports: { type: "string", default: "500" },
    output: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

function numberOf(name: "mib" | "reports", most: number): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= 0 && number <= most) return number;
  throw new RangeError(`Cannot use --${name} ${values[name]}: it must be a whole number up to ${most}`);
}

/** What an ordinary machine says, some of it with the words of a report. */
const sayings = [
  "systemd[1]: Started Session 4711 of user deploy.",
  "sshd[2222]: Accepted publickey for deploy from 192.0.2.7 port 50022 ssh2: ED25519 SHA256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  'nginx[801]: 198.51.100.4 - - "GET /assets/app.min.js HTTP/1.1" 200 48213 "-" "Mozilla/5.0 (X11; Linux x86_64)"',
  "kernel: [ 8120.120931] usb 1-1: new high-speed USB device number 12 using xhci_hcd",
  "kernel: [ 8121.998103] TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.  Check SNMP counters.",
  'containerd[912]: time="2026-01-05T10:00:00Z" level=info msg="shim disconnected" id=4f1c0f6e0f8a namespace=k8s.io',
  "postgres[3011]: LOG:  checkpoint complete: wrote 812 buffers (5.0%); write=80.9 s, sync=0.04 s, total=81.0 s",
  "java[99]: java.lang.IllegalStateException: cannot serve the request, the pool of connections is exhausted",
  "cron[811]: (root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)",
  'kernel: [ 8199.000001] audit: type=1400 audit(1767607200.001:77): apparmor="STATUS" operation="profile_load"',
];

/** So many lines of an ordinary log, the same each time. */
function ordinaryLines(): string {
  const twoDigits = (n: number): string => String(n % 60).padStart(2, "0");
  const lines = Array.from({ length: lineCount }, (_, i) => {
    const clock = `Jan  5 10:${twoDigits(Math.floor(i / 60))}:${twoDigits(i)} host`;
    return `${clock} ${sayings[(i * 7 + (i % 13)) % sayings.length]}\n`;
  });
  return lines.join("");
}

/** Reports that a reader can find whole: index.tsv says which. */
function wholeReports(): readonly Buffer[] {
  const folder = "test/fixtures/oom-reports";
  const index = readFileSync(join(repositoryRoot, folder, "index.tsv"), "utf8").split("\n");
  const whole = new Set(
    index
      .map((row) => row.split("\t"))
      .filter((row) => row[10] === "yes")
      .map(([file]) => file),
  );
  const files = filesBelow(folder).filter((path) => whole.has(basename(path)));
  return files.map((path) => {
    const report = readFileSync(join(repositoryRoot, path));
    return report.at(-1) === 0x0a ? report : Buffer.concat([report, Buffer.from("\n")]);
  });
}

function makeLog(file: number): void {
  const bytes = numberOf("mib", mostMib) * bytesPerMib;
  const count = numberOf("reports", 1_000_000);
  const reports = wholeReports();
  const ordinary = Buffer.from(ordinaryLines());
  let written = 0;
  const write = (piece: Buffer): void => {
    for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
    written += piece.length;
  };
  for (let i = 0; i <= count; i++) {
    const until = (bytes / (count + 1)) * (i + 1);
    while (written < until) {
      const end = ordinary.lastIndexOf(0x0a, Math.min(ordinary.length - 1, until - written)) + 1;
      write(ordinary.subarray(0, end > 0 ? end : ordinary.indexOf(0x0a) + 1));
    }
    const report = reports[i % reports.length];
    if (i < count && report !== undefined) write(report);
  }
}

if (values.help) process.stdout.write(`${help}\n`);
else {
  const file = values.output === undefined ? 1 : openSync(values.output, "w");
  makeLog(file);
  if (values.output !== undefined) closeSync(file);
}
