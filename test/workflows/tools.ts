import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, makeOnce } from "../../rehearsal/engine/cache";
import { run, say } from "../cloud/tools";

/** What the workflows were checked against. */
const ACTIONLINT = "v1.7.12";
const ZIZMOR = "1.32.0";

/** The path of actionlint, built from its Go module on first use. @throws Error with what mends it */
export async function actionlint(): Promise<string> {
  const folder = await cached(`actionlint-${ACTIONLINT}`, async (made) => {
    say(`building actionlint ${ACTIONLINT} with Go, once`);
    const module = `github.com/rhysd/actionlint/cmd/actionlint@${ACTIONLINT}`;
    // Where Go puts what it installs is said by its environment alone.
    const go = [`GOBIN=${made}`, "GOFLAGS=", "go", "install", module];
    await run("env", go, "install Go, and make a Go module proxy reachable");
  });
  return join(folder, "actionlint");
}

/** The path of zizmor, installed from PyPI on first use. @throws Error with what mends it */
export async function zizmor(): Promise<string> {
  const folder = await cached(`zizmor-${ZIZMOR}`, async (made) => {
    say(`installing zizmor ${ZIZMOR} from PyPI, once`);
    await run("python3", ["-m", "venv", made], "install python3 with its venv module (Debian: python3-venv)");
    const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"];
    await run(
      join(made, "bin", "python"),
      [...pip, `zizmor==${ZIZMOR}`],
      "make PyPI, or a mirror that pip knows, reachable",
    );
  });
  return join(folder, "bin", "zizmor");
}

/** A folder in the user's cache, made now if it isn't there. */
async function cached(name: string, make: (draft: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (!existsSync(folder)) await makeOnce(folder, make);
  return folder;
}
