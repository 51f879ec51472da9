import { GitHub, type JobEnvironment } from "../../cloud/github";
import { unkept } from "../../model/delivery/environments";
import type { DeliverySettings } from "../../model/delivery/subjects";
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
  const asked = seen(new GitHub({ api, repository, token }).environments());
  const look = asked.then((found) =>
    "unseen" in found
      ? unseen(found.unseen, "a token that may read the repository's actions; gh auth token gives yours")
      : environmentsFinding(found.value, stack.name, environment === "prod"),
  );
  return [{ name: "environments", look }];
}

function environmentsFinding(found: readonly JobEnvironment[], stack: string, approved: boolean): Finding {
  const { missing, open, unreviewed } = unkept(found, stack, approved);
  const mend = "docs/delivery.md, Set up: each environment, its branches and who approves";
  if (missing.length > 0) {
    const what = `GitHub has no ${missing.join(", ")}, and makes what a job names, with nobody to ask`;
    return fault(what, mend);
  }
  const faults = [
    ...(open.length > 0 ? [`every branch may use ${open.join(", ")}`] : []),
    ...(unreviewed.length > 0 ? [`nobody approves ${unreviewed.join(", ")}`] : []),
  ];
  return faults.length > 0 ? warn(faults.join("; "), mend) : ok("each is there and protected");
}
