import { nowIso } from "../../cloud/clock";
import { COLOURS } from "../../model/release";
import { type Requests, comparedSpan, differences } from "../../model/verify";
import { EXIT, type ExitCode } from "../exit";
import { Engine } from "../engine";
import { requestsOf } from "../reconcile/requests";
import { settingsOf } from "../settingsOf";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { valueOf } from "../../model/rollout/seen";
import { look } from "../world";
import { stateOf } from "../stateOf";

export interface VerifyOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/**
 * Compares configuration, state, load balancer and targets, and prints each difference with what mends it.
 *
 * @returns 0 where all say the same, 5 where they do not, 6 where one of them could not be observed
 * @throws UsageError where the stack's settings are at fault
 */
export async function verify(options: VerifyOptions, terminal: Terminal): Promise<ExitCode> {
  const subject = stackSubject(terminal.folder, options.stack);
  const { project, stack } = subject;
  const settings = settingsOf(stack);
  const [world, state] = await Promise.all([look(subject), stateOf(new Engine(project.folder, stack.name))]);
  const rules = valueOf(world.rules);
  const { recorded } = state;
  const span = recorded && comparedSpan(recorded, nowIso());
  const counted = rules && span ? await requestsOf(subject, rules, span) : { value: {} };
  const requests = valueOf(counted);
  const unseen = [
    ...world.unseen,
    ...state.unseen,
    ...("unseen" in counted ? [`requests by target group could not be observed: ${counted.unseen}`] : []),
    ...(recorded || state.unseen.length > 0
      ? []
      : [`the state has no release yet; deploy it: pulumi up -s ${stack.name}`]),
  ];
  const found =
    rules && recorded
      ? differences({
          stack: stack.name,
          app: subject.app,
          release: settings.release,
          recorded,
          rules,
          targets: world.targets,
          fence: valueOf(world.fence),
          requests,
        })
      : [];
  const code = found.length > 0 ? EXIT.drift : unseen.length > 0 ? EXIT.unobserved : EXIT.done;
  if (options.json) {
    terminal.print(
      JSON.stringify({ schema: 1, stack: stack.name, code, differences: found, requests, unseen }, null, 2),
    );
    return code;
  }
  for (const { where, what, mend } of found) terminal.print(`${where}: ${what}. Mend it: ${mend}`);
  for (const reason of unseen) terminal.print(`not seen: ${reason}`);
  for (const line of countedText(requests ?? {}, span?.from ?? "")) terminal.print(line);
  const { live, traffic } = settings.release;
  if (code === EXIT.done) {
    const shares = `blue ${traffic.blue} %, green ${traffic.green} %, live ${live}`;
    terminal.print(
      `${stack.name}: traffic is where configuration says, at ${(rules ?? []).length} rules: ${shares}`,
    );
  }
  return code;
}

/** What was counted, where anything was. */
const countedText = (requests: Requests, since: string): string[] =>
  Object.entries(requests).flatMap(([service, counts]) => {
    const total = counts.blue + counts.green;
    if (total === 0) return [];
    const parts = COLOURS.map((colour) => `${colour} ${((100 * counts[colour]) / total).toFixed(1)} %`);
    return [`${service}: ${parts.join(", ")} of ${total} requests since ${since.slice(11, 16)}Z`];
  });
