// Installs the locked dependencies where they are missing or other than the lockfile says. It runs on a
// fresh clone, so it may import nothing that npm would have to install first.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const MINIMUM_NODE = [20, 19];

const readLock = (path) => {
  try {
    return JSON.parse(readFileSync(join(project, path), "utf8")).packages;
  } catch {
    return undefined;
  }
};

/** npm writes `node_modules/.package-lock.json` last, so an interrupted install counts as none. */
const installed = () => {
  const wanted = readLock("package-lock.json");
  const found = readLock("node_modules/.package-lock.json");
  return (
    found !== undefined &&
    Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === "" || (found[path]?.version ?? (optional && version)) === version,
    )
  );
};

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
  console.error(
    `Node.js ${process.versions.node} was found; Sluice needs ${MINIMUM_NODE.join(".")} or later.\n` +
      "Install one from https://nodejs.org or with your version manager, for example: nvm install 22",
  );
  process.exit(2);
}

if (!installed()) {
  console.error("Installing the locked dependencies (npm ci); this takes a minute or two, once.");
  const npm = process.env.npm_execpath;
  const [command, ...before] = npm ? [process.execPath, npm] : ["npm"];
  const { status, signal, error } = spawnSync(
    command,
    [...before, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
    { cwd: project, stdio: ["ignore", 2, 2] },
  );
  if (error ?? status !== 0) {
    console.error(
      `npm ci did not succeed (${error?.message ?? signal ?? `exit ${status}`}). ` +
        "Look at its message above; the npm registry must be reachable. Then run the same command again.",
    );
    process.exit(1);
  }
}
