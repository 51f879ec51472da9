import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { nowIso } from "../../cloud/clock";
import { carry, untried } from "../../model/delivery/carry";
import { type Known, parseKnown, releaseParameter } from "../../model/known";
import { editRelease } from "../configuration";
import { EXIT, type ExitCode } from "../exit";
import { UnobservedError, UsageError } from "../failure";
import { replaceFile } from "../rollback/converge";
import { settingsOf } from "../settingsOf";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { withoutApproval } from "./approved";
import { filesSince, pack, packedIn, published, unpack } from "./packed";

export interface CarryOptions {
  readonly stack: string;
  /** The version. Default: the newest that has baked. */
  readonly version?: string;
  /** File to write what the stack publishes into, for another account. */
  readonly pack?: string;
  /** Such a file, to be published here as well; nothing else than what it has is carried. */
  readonly unpack?: string;
  /** The commit that somebody approved; with anything in configuration that came later nothing is carried. */
  readonly approved?: string;
  readonly json?: boolean;
}

/**
 * Writes what has baked in the environment before into the stack file: version, images by digest and migration, for the
 * colour that has no traffic. `pack` and `unpack` bring what is published to another account or region, where the
 * stack after it reads it.
 *
 * @returns 0 where it is written, or there already; 3 where it has to wait; 5 where the program has changed since the
 *   stack before was deployed with it, or configuration since it was approved
 * @throws UsageError of options and settings; UnobservedError where it cannot be read
 */
export async function carryOver(options: CarryOptions, terminal: Terminal): Promise<ExitCode> {
  const subject = stackSubject(terminal.folder, options.stack);
  if (options.pack !== undefined) return pack(subject, resolve(terminal.folder, options.pack), terminal);
  const { stack, app, region } = subject;
  const print = (code: ExitCode, told: object, said: string): ExitCode => {
    terminal.print(
      options.json ? JSON.stringify({ schema: 1, stack: stack.name, code, ...told }, null, 2) : said,
    );
    return code;
  };
  const refused = (why: string): ExitCode =>
    print(EXIT.drift, { kind: "held", why }, `${stack.path} stays as it is: ${why}`);
  let packed: Known | undefined;
  if (options.unpack !== undefined) {
    const file = packedIn(resolve(terminal.folder, options.unpack));
    const why = untried(await filesSince(subject, file));
    if (why !== undefined) return refused(why);
    await unpack(subject, file, terminal);
    packed = parseKnown(file.value);
  }
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
  const among = packed && (packed.baked ?? []);
  const found = carry({ release, baked, version: options.version, among, services, now: nowIso() });
  if (options.approved !== undefined) {
    const colour = found.kind === "held" ? undefined : found.colour;
    // The live colour's own settings are nobody's to carry.
    const carried = colour === release.live ? undefined : colour;
    const why = await withoutApproval(subject, options.approved, carried);
    if (why !== undefined) return refused(why);
  }
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
  return print(code, found, said);
}
