import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { repositoryRoot } from "./repository.ts";

/** A registry of the packages that are installed here: whoever installs from it needs no network. */
export interface LocalRegistry extends AsyncDisposable {
  readonly url: string;
}

const folderOf = (name: string): string => join(repositoryRoot, "node_modules", name);
const archives = "/-/";

/** What a registry says of a package: the one version there is. */
function describePackage(name: string, url: string): string {
  const manifest = JSON.parse(readFileSync(join(folderOf(name), "package.json"), "utf8"));
  const tarball = `${url}${archives}${encodeURIComponent(name)}`;
  const { version } = manifest;
  return JSON.stringify({
    name,
    "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, dist: { tarball } } },
  });
}

/** As npm pack writes it: all of the package below one folder. */
function sendArchive(name: string, response: ServerResponse): void {
  const args = ["--create", "--gzip", "--directory", folderOf(name), "--transform", "s,^\\.,package,", "."];
  spawn("tar", args, { stdio: ["ignore", "pipe", "inherit"] }).stdout.pipe(response);
}

/** Opens one on this machine only; what is not installed here is not there. */
export async function openRegistry(): Promise<LocalRegistry> {
  let url = "";
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/");
    const isArchive = path.startsWith(archives);
    const name = isArchive ? path.slice(archives.length) : path.slice(1);
    if (name === "" || !existsSync(join(folderOf(name), "package.json"))) response.writeHead(404).end("{}");
    else if (isArchive) sendArchive(name, response);
    else response.end(describePackage(name, url));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot say where the registry listens");
  url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
