import { type FlagOutlook, flagOutlook } from "../../model/flags/outlook";
import { type Recorded, type Release, otherColour } from "../../model/release";
import { named } from "../../model/rollout/action";
import type { Gate } from "../../model/rollout/gate";
import { type Outlook, type Stop, outlook } from "../../model/rollout/outlook";
import { sceneOf } from "../../model/rollout/situation";
import type { Settings } from "../../model/settings";
import { secondsBetween } from "../../model/trust";
import { Engine } from "../engine";
import { EXIT, type ExitCode } from "../exit";
import { UnobservedError } from "../failure";
import { unlooked } from "../reconcile/observe";
import { settingsOf } from "../settingsOf";
import { duration, minute } from "../times";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { seen } from "../seen";
import { beside } from "../wrapped";

export interface PlanOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/**
 * Prints the plan, and those of flags: its steps, where the release is, and when it will be at its end if all goes well.
 *
 * @throws UsageError where the stack's settings are at fault; UnobservedError where the state cannot be read
 */
export async function plan(options: PlanOptions, terminal: Terminal): Promise<ExitCode> {
  const { project, stack } = stackSubject(terminal.folder, options.stack);
  const settings = settingsOf(stack);
  const state = await seen(new Engine(project.folder, stack.name).state());
  if ("unseen" in state) throw new UnobservedError(`the state could not be observed: ${state.unseen}`);
  const { recorded } = state.value;
  if (!recorded) {
    throw new UnobservedError(
      `no update of the stack has completed yet; deploy it: pulumi up -s ${stack.name}`,
    );
  }
  const scene = sceneOf(unlooked(settings, { value: recorded }), recorded);
  const found = outlook(scene);
  const { name, hold } = settings.plan;
  const flags = Object.fromEntries(
    Object.entries(settings.flags).map(([flag, asked]) => [
      flag,
      flagOutlook(asked, recorded.flags?.[flag], scene.now),
    ]),
  );
  terminal.print(
    options.json
      ? JSON.stringify({ schema: 1, stack: stack.name, name, hold: hold ?? null, ...found, flags }, null, 2)
      : [
          ...planText(name, hold, recorded, settings.release, found, scene.now),
          ...Object.entries(flags).flatMap(([flag, way]) => flagText(flag, settings, way, scene.now)),
        ].join("\n"),
  );
  return EXIT.done;
}

function planText(
  name: string,
  hold: string | undefined,
  { release: { live }, since }: Recorded,
  asked: Release,
  { stops, promoteNotBefore, standsStill }: Outlook,
  now: string,
): string[] {
  return [
    ...beside(
      "plan",
      standsStill === undefined
        ? `${name}, for ${named(asked, otherColour(live))} beside ${named(asked, live)}`
        : name,
    ),
    ...stops.flatMap((stop) => stopText(stop, since, now)),
    ...(promoteNotBefore === undefined ? [] : beside("live", when(promoteNotBefore, now))),
    ...(hold === undefined ? [] : beside("held", `sluice:plan.hold: ${hold}`)),
    ...(standsStill === undefined ? [] : beside("still", standsStill)),
  ];
}

/** A flag's plan, as the release's is shown. */
function flagText(name: string, { flags }: Settings, way: FlagOutlook, now: string): string[] {
  const { stops, since, standsStill } = way;
  return [
    ...beside("flag", `${name}, ${flags[name]?.plan.name ?? ""}`),
    ...stops.flatMap((stop) => stopText(stop, since ?? now, now)),
    ...(standsStill === undefined ? [] : beside("still", standsStill)),
  ];
}

/** `→   25 %  bakes 12 h; gate calls: …; not before 2026-03-01T18:00Z, in 2 h`. */
function stopText(
  { share, bakeSeconds, gates, place, notBefore }: Stop,
  since: string,
  now: string,
): string[] {
  const mark = { behind: "done", here: "here", ahead: "" }[place];
  const facts = [
    place === "here" ? `for ${duration(Math.max(0, secondsBetween(since, now)))}` : "",
    bakeSeconds > 0 ? `bakes ${duration(bakeSeconds)}` : "",
    notBefore === undefined ? "" : when(notBefore, now),
    ...gates.map(gateText),
  ].filter(Boolean);
  return beside(`${mark.padEnd(5)}${`${share} %`.padStart(5)}`, facts.join("; "), 12);
}

const when = (at: string, now: string): string => {
  const left = secondsBetween(now, at);
  return left <= 0 ? "may be now" : `not before ${minute(at)}, in ${duration(left)}`;
};

function gateText(gate: Gate): string {
  switch (gate.kind) {
    case "metric":
      return `gate ${gate.name}: ${gate.query}`;
    case "command":
      return `gate ${gate.name}: ${gate.command.join(" ")}`;
    case "manual":
      return `gate ${gate.name}: ${gate.approver} approves it by ${gate.expires}`;
  }
}
