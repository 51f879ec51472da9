import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { StackSubject } from "./subject";

/** Options of the engine for both policy packs, each with the levels and limits of the stack's environment. */
export function packs({ project, environment }: Pick<StackSubject, "project" | "environment">): string[] {
  const policies = join(dirname(project.main), "policies");
  return [policies, join(policies, "platform")].flatMap((pack) => {
    const configuration = join(pack, "config", `${environment}.json`);
    return [
      ...["--policy-pack", pack],
      ...(existsSync(configuration) ? ["--policy-pack-config", configuration] : []),
    ];
  });
}
