import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

/**
 * Where the engine keeps a project's state, as a URL. It is told the way the engine tells it, without asking it: that
 * would take a second.
 *
 * @param folder of Pulumi.yaml
 * @throws Error where nobody is logged in
 */
export async function backendOf(folder: string): Promise<string> {
  const url = process.env["PULUMI_BACKEND_URL"] || (await inProject(folder)) || (await inCredentials());
  if (url) return url;
  // Who has a token is at Pulumi's service without a login, as in CI.
  const { PULUMI_ACCESS_TOKEN, PULUMI_API } = process.env;
  if (PULUMI_ACCESS_TOKEN) return PULUMI_API || "https://api.pulumi.com";
  throw new Error("nobody is logged in to the engine's backend: pulumi login");
}

async function inProject(folder: string): Promise<string | undefined> {
  const described = parse(await readFile(join(folder, "Pulumi.yaml"), "utf8")) as {
    backend?: { url?: string };
  } | null;
  return described?.backend?.url;
}

async function inCredentials(): Promise<string | undefined> {
  const { PULUMI_CREDENTIALS_PATH, PULUMI_HOME } = process.env;
  const home = PULUMI_CREDENTIALS_PATH || PULUMI_HOME || join(homedir(), ".pulumi");
  try {
    return (JSON.parse(await readFile(join(home, "credentials.json"), "utf8")) as { current?: string })
      .current;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
