import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { COLOURS, otherColour } from "../../model/release";
import { settingsIn } from "../../rollout/configuration";
import { stackSubject } from "../../rollout/subject";
import { readFile } from "node:fs/promises";
import { callControl } from "../cloud/control";
import { type Scene, endpointOf } from "../scene";
import type { FaultKind, FaultName } from "./fault";
import { KINDS, MEND_ALL } from "./kinds";
import { askedOf } from "./strike";

const WIDTH = Math.max(...Object.keys(KINDS).map((name) => name.length));

const USAGE = `Usage: fault KIND [AMOUNT] [--colour blue|green] [--provider NAME]
       fault mend

Breaks something in a local cloud that npm start -- --keep has left up, from the
folder of that rehearsal. Without --colour it is the candidate's. Kinds, each
with the AMOUNT that it has by default:

${Object.entries(KINDS)
  .map(([name, { does, amount }]: [string, FaultKind]) => {
    const much = amount ? `${amount.byDefault} ${amount.unit}` : "";
    return `  ${name.padEnd(WIDTH)} ${much.padStart(9)}  ${does}`;
  })
  .join("\n")}
  ${"mend".padEnd(WIDTH)} ${"".padStart(9)}  ends all of these

Example: fault error-rate 25 --colour green`;

/** How what no call to the cloud ends is ended. */
const ENDED: Partial<Readonly<Record<FaultName, string>>> = {
  "second-operator": "Ctrl-C ends it",
  "edited-rule": "see what sluice tick makes of it",
  "killed-process": "the next tick goes on",
  "lost-pod": "Kubernetes makes others",
};

/** @throws Error for what nobody knows, with the usage */
function asked() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { colour: { type: "string" }, provider: { type: "string" } },
  });
  const [kind = "", amount, ...more] = positionals;
  if (kind === "mend") return { kind } as const;
  const found = Object.keys(KINDS).find((name) => name === kind) as FaultName | undefined;
  const colour = COLOURS.find((one) => one === values.colour);
  if (!found || more.length > 0 || (values.colour !== undefined && !colour)) throw new Error(USAGE);
  if (amount !== undefined && !(KINDS[found].amount && /^\d+$/.test(amount))) throw new Error(USAGE);
  return {
    kind: found,
    ...(amount !== undefined && { amount: Number(amount) }),
    ...(colour && { colour }),
    ...(values.provider !== undefined && { provider: values.provider }),
  } as const;
}

/** The rehearsal whose working copy this folder is. @throws Error where it is none */
function sceneHere(signal: AbortSignal): Scene {
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const dir = process.cwd();
  const [, stack] =
    readdirSync(dir)
      .map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name))
      .find(Boolean) ?? [];
  if (stack === undefined || !endpointOf({ env })) {
    throw new Error("found no rehearsal here; go into its folder first: cd .sluice/dev && . ./env");
  }
  return { dir, stack, env, subject: stackSubject(dir, stack), signal };
}

async function main(): Promise<void> {
  const fault = asked();
  const stop = new AbortController();
  const scene = sceneHere(stop.signal);
  if (fault.kind === "mend") {
    for (const call of MEND_ALL) await callControl(endpointOf(scene), call);
    console.log("all pods, calls and users are as they should be");
    return;
  }
  const text = await readFile(`Pulumi.${scene.stack}.yaml`, "utf8");
  const of = askedOf(fault, otherColour(settingsIn(text).release.live));
  const kind = KINDS[fault.kind];
  const mend = await kind.strike(scene, of);
  console.log(`${kind.told(of)}; ${ENDED[fault.kind] ?? "to end it: fault mend"}`);
  if (fault.kind !== "second-operator") return;
  // A promise alone does not keep a process.
  const awake = setInterval(() => undefined, 60_000);
  await new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, resolve);
  });
  await mend();
  clearInterval(awake);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
