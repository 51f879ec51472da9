import { GitHub, type JobEnvironment } from "../../cloud/github";
import { environmentNames, unkept } from "../../model/delivery/environments";
import type { DeliverySettings } from "../../model/delivery/subjects";
import type { Environment } from "../../model/environments";
import { type Finding, fault, ok, unseen, warn } from "../../model/doctor";
import type { StackSubject } from "../subject";
import { seen } from "../seen";
import type { Check } from "./check";

/** Whether the jobs' environments are there and kept; nothing where no token says as whom GitHub is asked. */
export function environmentChecks(
  { repository }: DeliverySettings,
  { environment, stack }: Pick<StackSubject, "environment" | "stack">,
  { GITHUB_TOKEN: token, GITHUB_API_URL: api = "https://api.github.com" }: NodeJS.ProcessEnv = process.env,
): Check[] {
  if (!token) return [];
  const asked = seen(new GitHub({ api, repository, token }).environments(environmentNames(stack.name)));
  const look = asked.then((found) =>
    "unseen" in found
      ? unseen(found.unseen, "a token that may read the repository's actions; gh auth token gives yours")
      : environmentsFinding(found.value, stack.name, environment),
  );
  return [{ name: "environments", look }];
}

function environmentsFinding(
  found: readonly JobEnvironment[],
  stack: string,
  environment: Environment,
): Finding {
  const { missing, open, strange, unreviewed, resting } = unkept(found, stack, environment);
  const mend = "docs/delivery.md, Set up: each environment, its branches and who approves";
  if (missing.length > 0) {
    const what = `GitHub has no ${missing.join(", ")}, and makes what a job names, with nobody to ask`;
    return fault(what, mend);
  }
  const faults = [
    ...(open.length > 0 ? [`every branch may use ${open.join(", ")}`] : []),
    ...strange.map((one) => `${one.name} is of the branches ${one.found}; allowed is ${one.allowed} alone`),
    ...(unreviewed.length > 0 ? [`nobody approves ${unreviewed.join(", ")}`] : []),
  ];
  if (faults.length > 0) return warn(faults.join("; "), mend);
  const rest = resting.length === 0 ? "" : `; every protected branch may use ${resting.join(", ")}`;
  return ok(`each is there and protected${rest}`);
}
