import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { clean, gte, satisfies } from "semver";
import { type Finding, fault, ok, unseen, warn } from "../../model/doctor";
import { reasonOf } from "../failure";
import { backendOf } from "../lock/backend";
import { called, complaint } from "../lock/command";

/** This package's own description, and that of the SDK that it is run with. */
const OURS = join(__dirname, "../../package.json");

export function nodeFinding(): Finding {
  const { node } = process.versions;
  const { engines } = described(OURS);
  const range = engines?.["node"] ?? "*";
  if (satisfies(node, range)) return ok(node);
  return fault(`${node}; needed is ${range}`, "install a later one: https://nodejs.org/en/download");
}

/** The engine's version against that of the SDK: an older one may not know what the SDK asks of it. */
export async function engineFinding(folder: string): Promise<Finding> {
  const ended = await called("pulumi", ["version"], folder, 10);
  if (!ended) return fault("no pulumi on PATH", "install it: https://www.pulumi.com/docs/install/");
  const found = clean(ended.out.trim());
  if (ended.code !== 0 || found === null) return fault(`pulumi version: ${complaint(ended)}`);
  const sdk = described(OURS).dependencies?.["@pulumi/pulumi"] ?? "0.0.0";
  if (gte(found, sdk)) return ok(`pulumi ${found}`);
  return warn(`pulumi ${found} is older than the SDK, ${sdk}`, "https://www.pulumi.com/docs/install/");
}

/** Where the state is, and whether the engine may get at it. */
export async function backendFinding(folder: string): Promise<Finding> {
  let url: string;
  try {
    url = withoutSecrets(await backendOf(folder));
  } catch (error) {
    return fault(reasonOf(error), "pulumi login");
  }
  const ended = await called("pulumi", ["whoami", "--non-interactive", "--color", "never"], folder);
  if (!ended) return unseen(`${url}, but there is no pulumi on PATH`);
  if (ended.code !== 0) return fault(`${url}: ${complaint(ended)}`, "pulumi login");
  return ok(`${ended.out.trim()} at ${url}`);
}

const withoutSecrets = (url: string): string => url.replace(/\/\/[^/@]*@/, "//");

/** Policy packs of the project's own; the organisation's are the backend's affair. */
export function packsFinding(folder: string): Finding {
  const packs = ["policies", "policies/platform"];
  const missing = packs.filter((pack) => !existsSync(join(folder, pack, "PulumiPolicy.yaml")));
  if (missing.length === 0) return ok(packs.join(" and "));
  return warn(
    `not found: ${missing.join(" and ")}; the program applies the transition's rules all the same`,
    `git checkout -- ${missing.join(" ")}`,
  );
}

interface Description {
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const described = (path: string): Description => JSON.parse(readFileSync(path, "utf8")) as Description;
