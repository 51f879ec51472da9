import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { nowIso } from "../../cloud/clock";
import { Identity } from "../../cloud/identity";
import { Parameters } from "../../cloud/parameters";
import { carry } from "../../model/delivery/carry";
import { type Known, parseKnown, releaseParameter } from "../../model/known";
import { editRelease } from "../configuration";
import { EXIT, type ExitCode } from "../exit";
import { UnobservedError, UsageError, reasonOf } from "../failure";
import { replaceFile } from "../rollback/converge";
import { settingsOf } from "../settingsOf";
import { type StackSubject, stackSubject } from "../subject";
import type { Terminal } from "../terminal";

export interface CarryOptions {
  readonly stack: string;
  /** The version. Default: the newest that has baked. */
  readonly version?: string;
  /** File to write what the stack publishes into, for another account. */
  readonly pack?: string;
  /** Such a file, to be published here as well. */
  readonly unpack?: string;
  readonly json?: boolean;
}

/** What one account tells another. */
interface Packed {
  readonly schema: 1;
  readonly account: string;
  readonly region: string;
  /** The parameter's name. */
  readonly name: string;
  readonly value: string;
}

/**
 * Writes what has baked in the environment before into the stack file: version, images by digest and migration, for the
 * colour that has no traffic. `pack` and `unpack` bring what is published to another account or region, where the
 * stack after it reads it.
 *
 * @returns 0 where it is written, or there already; 3 where it has to wait
 * @throws UsageError of options and settings; UnobservedError where it cannot be read
 */
export async function carryOver(options: CarryOptions, terminal: Terminal): Promise<ExitCode> {
  const subject = stackSubject(terminal.folder, options.stack);
  if (options.pack !== undefined) return pack(subject, resolve(terminal.folder, options.pack), terminal);
  if (options.unpack !== undefined) await unpack(subject, resolve(terminal.folder, options.unpack), terminal);
  const { stack, app, region } = subject;
  const { bakedIn, release, services: configured } = settingsOf(stack);
  if (bakedIn === undefined) {
    throw new UsageError(
      `${stack.path}: no environment comes before ${stack.name}; name it: pulumi config set sluice:bakedIn staging`,
    );
  }
  const { baked } = (await published(releaseParameter(app, bakedIn), region)) ?? {};
  if (!baked)
    throw new UnobservedError(`${app}-${bakedIn} publishes nothing that has baked; deploy it first`);
  const services = Object.keys(configured);
  const found = carry({ release, baked, version: options.version, services, now: nowIso() });
  const code = found.kind === "held" ? EXIT.held : EXIT.done;
  if (found.kind === "edit") {
    const text = editRelease(readFileSync(stack.path, "utf8"), found.edit);
    // What the reader of settings refuses is not written.
    settingsOf({ path: stack.path, text });
    replaceFile(stack.path, text);
  }
  const said =
    found.kind === "edit"
      ? `${stack.path}: ${found.colour} is ${found.baked.version}, which has baked in ${bakedIn} since ${found.baked.at}`
      : `${stack.path} stays as it is: ${found.why}`;
  terminal.print(
    options.json ? JSON.stringify({ schema: 1, stack: stack.name, code, ...found }, null, 2) : said,
  );
  return code;
}

async function pack({ app, environment, region, stack }: StackSubject, file: string, terminal: Terminal) {
  const name = releaseParameter(app, environment);
  const known = await published(name, region);
  if (!known)
    throw new UnobservedError(
      `${stack.name} publishes nothing; deploy it first: sluice deploy -s ${stack.name}`,
    );
  const packed: Packed = {
    schema: 1,
    account: await accountIn(region),
    region,
    name,
    value: JSON.stringify(known),
  };
  writeFileSync(file, JSON.stringify(packed, null, 2));
  terminal.print(`${file}: what ${stack.name} publishes`);
  return EXIT.done;
}

/** Where both are in one account and region the stack after reads what the stack before publishes. */
async function unpack({ app, region, stack }: StackSubject, file: string, terminal: Terminal): Promise<void> {
  const { bakedIn } = settingsOf(stack);
  const name = bakedIn && releaseParameter(app, bakedIn);
  const packed = packedIn(file);
  if (packed.name !== name) {
    throw new UsageError(
      `--unpack ${file}: found ${packed.name}; allowed is what ${stack.name} reads: ${name ?? "nothing"}`,
    );
  }
  if (packed.region === region && packed.account === (await accountIn(region))) {
    terminal.print(`${name} is published in this account: nothing is to be brought`);
    return;
  }
  try {
    await new Parameters(region).put(name, packed.value);
  } catch (error) {
    throw new UnobservedError(`${name} could not be written: ${reasonOf(error)}`);
  }
  terminal.print(`${name}: as account ${packed.account} published it`);
}

function packedIn(file: string): Packed {
  try {
    const packed = JSON.parse(readFileSync(file, "utf8")) as Partial<Packed>;
    const { schema, account, region, name, value } = packed;
    const whole = [account, region, name, value].every((part) => typeof part === "string");
    if ((schema as unknown) !== 1 || !whole) throw new Error("it is not what sluice carry --pack writes");
    parseKnown(value ?? "");
    return packed as Packed;
  } catch (error) {
    throw new UsageError(`--unpack ${file}: ${reasonOf(error)}`);
  }
}

async function published(name: string, region: string): Promise<Known | undefined> {
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
