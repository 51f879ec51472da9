import { createRequire } from "node:module";
import type * as Doctor from "../commands/doctor";
import type * as Unlock from "../commands/unlock";
import { type Cli, examples } from "./cli";

/** A command's module is read when it is called: `--help` waits for none of them. */
const load = createRequire(__filename);

/** Commands that keep a stack, and the set-up around it, in order. */
export function upkeep({ command, terminal, ended }: Cli): void {
  command("unlock", "clear the lock of an update that is provably dead, and no other")
    .requiredOption("-s, --stack <stack>", "the stack, by the name of its file")
    .option("--dry-run", "say what would be cleared, and clear nothing")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      examples("sluice unlock -s prod --dry-run", "sluice unlock -s prod") +
        "\nAn owner is dead where it ran on this machine, and its process is gone or its\n" +
        "id is another's. Ends with 0 where no lock is left, 6 where locks could not be\n" +
        "seen or removed, and 7 where a lock stays, with what to look at. Containers\n" +
        "that share a host name and a backend are not told apart.\n",
    )
    .action(async (options: Unlock.UnlockOptions) =>
      ended(await (load("../commands/unlock") as typeof Unlock).unlock(options, terminal)),
    );

  command("doctor", "check the set-up: tools, backend, credentials, permissions, settings")
    .option("-s, --stack <stack>", "a stack, by the name of its file, to check as well")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      examples("sluice doctor", "sluice doctor -s prod") +
        "\nEnds with 0 where nothing is at fault, 2 where something is, and 6 where\n" +
        "something could only not be seen.\n",
    )
    .action(async (options: Doctor.DoctorOptions) =>
      ended(await (load("../commands/doctor") as typeof Doctor).doctor(options, terminal)),
    );
}
