import { UsageError } from "../failure";

/** What a name that is none's is told. */
export const noSuchFlag = (name: string, names: readonly string[]): UsageError =>
  new UsageError(
    `found no flag ${JSON.stringify(name)}; there are: ${names.join(", ") || "none"}. ` +
      `Declare one: pulumi config set --path 'sluice:flags.NAME.rollout_percentage' 0`,
  );
