import { readFileSync, writeFileSync } from "node:fs";
import { nowIso } from "../../cloud/clock";
import { Identity } from "../../cloud/identity";
import { Parameters } from "../../cloud/parameters";
import { isCommit, lastWhole, programOf } from "../../model/delivery/program";
import { type Known, parseKnown, releaseParameter } from "../../model/known";
import { Engine } from "../engine";
import { EXIT, type ExitCode } from "../exit";
import { UnobservedError, UsageError, reasonOf } from "../failure";
import { settingsOf } from "../settingsOf";
import type { StackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { seen } from "../seen";
import { RECENT, changedSince } from "./program";

/** What one account tells another. */
export interface Packed {
  readonly schema: 1;
  readonly account: string;
  readonly region: string;
  /** The parameter's name. */
  readonly name: string;
  readonly value: string;
  /** The commit whose program the stack was last deployed with. Absent: nobody can say. */
  readonly program?: string;
}

/** Writes what a stack publishes, and which commit's program it was deployed with. */
export async function pack(subject: StackSubject, file: string, terminal: Terminal): Promise<ExitCode> {
  const { app, environment, region, stack, project } = subject;
  const name = releaseParameter(app, environment);
  const known = await published(name, region);
  if (!known)
    throw new UnobservedError(
      `${stack.name} publishes nothing; deploy it first: sluice deploy -s ${stack.name}`,
    );
  const updates = await seen(new Engine(project.folder, stack.name).history(RECENT));
  if ("unseen" in updates)
    throw new UnobservedError(`what ${stack.name} was deployed with is not known: ${updates.unseen}`);
  const last = lastWhole(updates.value);
  const program = last && programOf(last);
  const packed: Packed = {
    schema: 1,
    account: await accountIn(region),
    region,
    name,
    value: JSON.stringify({ ...known, packedAt: nowIso() }),
    ...(program !== undefined && { program }),
  };
  writeFileSync(file, JSON.stringify(packed, null, 2));
  terminal.print(
    `${file}: what ${stack.name} publishes${program === undefined ? "" : ` with the program of ${program}`}`,
  );
  return EXIT.done;
}

/**
 * Publishes it here. Where both are in one account and region the stack after reads what the stack before publishes.
 *
 * @throws UsageError where the file is another stack's, or was packed before what is there; UnobservedError
 */
export async function unpack(
  { app, region, stack }: StackSubject,
  packed: Packed,
  terminal: Terminal,
): Promise<void> {
  const { bakedIn } = settingsOf(stack);
  const name = bakedIn && releaseParameter(app, bakedIn);
  if (packed.name !== name) {
    throw new UsageError(
      `--unpack: found ${packed.name}; allowed is what ${stack.name} reads: ${name ?? "nothing"}`,
    );
  }
  if (packed.region === region && packed.account === (await accountIn(region))) {
    terminal.print(`${name} is published in this account: nothing is to be brought`);
    return;
  }
  const there = packedAt(await published(name, region));
  const at = packedAt(parseKnown(packed.value));
  if (there !== undefined && (at === undefined || at < there)) {
    throw new UsageError(
      `--unpack: found what was packed ${at ?? "nobody knows when"}, while ${name} has what was packed ${there}: ` +
        "approve the newest run of deploy.yml instead",
    );
  }
  try {
    await new Parameters(region).put(name, packed.value);
  } catch (error) {
    throw new UnobservedError(`${name} could not be written: ${reasonOf(error)}`);
  }
  terminal.print(`${name}: as account ${packed.account} published it`);
}

/** When what another account published was packed, as ISO time: a version that was taken back leaves its list. */
const packedAt = (known: (Known & { readonly packedAt?: unknown }) | undefined): string | undefined =>
  typeof known?.packedAt === "string" ? known.packedAt : undefined;

/**
 * Files of the program that differ from those that the stack before was deployed with.
 *
 * @throws UnobservedError where nobody can say
 */
export async function filesSince(
  subject: StackSubject,
  { name, program }: Packed,
): Promise<readonly string[]> {
  const files =
    program === undefined || !isCommit(program)
      ? { unseen: "the file names no commit; deploy there with sluice deploy, and pack again" }
      : await changedSince(subject, program);
  if ("value" in files) return files.value;
  throw new UnobservedError(`which program runs where ${name} comes from is not known: ${files.unseen}`);
}

/** @throws UsageError where the file is none that was packed */
export function packedIn(file: string): Packed {
  try {
    const packed = JSON.parse(readFileSync(file, "utf8")) as Partial<Packed>;
    const { schema, account, region, name, value, program = "" } = packed;
    const whole = [account, region, name, value, program].every((part) => typeof part === "string");
    if ((schema as unknown) !== 1 || !whole) throw new Error("it is not what sluice carry --pack writes");
    parseKnown(value ?? "");
    return packed as Packed;
  } catch (error) {
    throw new UsageError(`--unpack ${file}: ${reasonOf(error)}`);
  }
}

/** What a stack publishes. @throws UnobservedError where it cannot be read */
export async function published(name: string, region: string): Promise<Known | undefined> {
  try {
    const value = await new Parameters(region).get(name);
    return value === undefined ? undefined : parseKnown(value);
  } catch (error) {
    throw new UnobservedError(`${name} could not be read: ${reasonOf(error)}`);
  }
}

async function accountIn(region: string): Promise<string> {
  try {
    return (await new Identity(region).caller()).split(":")[4] ?? "";
  } catch (error) {
    throw new UnobservedError(`the account could not be observed: ${reasonOf(error)}`);
  }
}
