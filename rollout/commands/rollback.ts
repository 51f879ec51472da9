import { createRequire } from "node:module";
import { nowIso } from "../../cloud/clock";
import { type Known, fallingWith } from "../../model/known";
import { type Colour, otherColour } from "../../model/release";
import type { Sight } from "../../model/rollback";
import { Engine } from "../engine";
import { EXIT, type ExitCode } from "../exit";
import { UnobservedError } from "../failure";
import { lowerFlags } from "../flags/lower";
import type * as Announce from "../rollback/announce";
import type * as Followed from "../rollback/followed";
import { Hold } from "../rollback/hold";
import { Journal } from "../rollback/journal";
import { type RollbackOptions, askedFor, wholeNumber } from "../rollback/options";
import { type Outcome, end } from "../rollback/report";
import { callerOf, moveTraffic, putFence, sharesText } from "../rollback/traffic";
import { decided, trusted } from "../rollback/trusted";
import { type Subject, namedSubject, stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { valueOf } from "../../model/rollout/seen";
import { look } from "../world";

export type { RollbackOptions };

/** What comes after traffic has moved is read then. */
const load = createRequire(__filename);

/**
 * Takes traffic back: a fence, then the rules, then configuration, then the state. Each part looks at what is there
 * and does what is missing, so a call that was killed is called again.
 *
 * @throws UsageError where it cannot be told where to; UnobservedError where the rules cannot be seen
 */
export async function rollback(options: RollbackOptions, terminal: Terminal): Promise<ExitCode> {
  const journal = new Journal(terminal, options.json === true);
  const asked = askedFor(options);
  const waitSeconds = wholeNumber("--wait", options.wait, 86_400);
  const stack = options.stack === undefined ? undefined : stackSubject(terminal.folder, options.stack);
  const subject: Subject = stack ?? namedSubject(options);
  const looking = look(subject);
  const by = callerOf(subject.region);
  const world = await looking;
  const rules = valueOf(world.rules);
  if (!rules) throw new UnobservedError(`nothing is moved.\n${world.unseen.join("\n")}`);
  if (rules.length === 0) {
    throw new UnobservedError(
      `nothing is moved: no rule is tagged sluice:app=${subject.app}, sluice:environment=${subject.environment}, ` +
        `sluice:role=weighted in ${subject.region}; look at --region and at whose credentials these are`,
    );
  }
  for (const line of world.unseen) journal.tell(line);
  const engine = stack && new Engine(stack.project.folder, stack.stack.name);
  const { known, state, told } = await trusted(world, stack, engine, asked, journal);
  const sight: Sight = {
    rules,
    targets: world.targets,
    fence: valueOf(world.fence),
    known,
    now: nowIso(),
  };
  const decision = decided(sight, told, options, subject);
  const { to, share, fence, moves, held } = decision;
  for (const remark of decision.remarks) journal.tell(remark);
  const finish = (outcome: Omit<Outcome, "decision">): ExitCode =>
    end({ decision, ...outcome }, { subject, journal, terminal, options });
  if (options.dryRun) {
    if (fence !== undefined) journal.tell(`would fence ${fence}`);
    for (const [flag, percentage] of Object.entries(moves.length > 0 ? flagsWith(known, to) : {})) {
      journal.tell(`would take the flag ${flag} to ${percentage} %`);
    }
    for (const { rule, shares } of held.length > 0 ? [] : moves) {
      journal.tell(`would move ${rule.service}: ${sharesText(rule.shares)} → ${sharesText(shares)}`);
    }
    return finish({ failed: {}, converged: "left" });
  }

  const falling = moves.length > 0 && held.length === 0 ? flagsWith(known, to) : {};
  const [fencing, flagging] = await Promise.all([
    fence === undefined
      ? undefined
      : by.then((caller) =>
          putFence(subject, { version: fence, reason: options.reason, by: caller }, journal),
        ),
    lowerFlags(subject, falling, journal),
  ]);
  if (held.length > 0) return finish({ failed: {}, fenced: await fencing?.ended, converged: "left" });
  const failed = await moveTraffic(subject, moves, journal);
  const isMoved = moves.length > 0 && Object.keys(failed).length === 0;
  const movedAfter = isMoved ? journal.elapsed() : undefined;
  const hold = new Hold(subject, { to, share }, journal);
  const { announce, rolledBack } = load("../rollback/announce") as typeof Announce;
  const event = rolledBack(decision, { subject, stack, rules, known, reason: options.reason, by: await by });
  // People are told now: the state may follow much later.
  const isNews = moves.length > 0 || fence !== undefined;
  const exit = Object.keys(failed).length > 0 ? { exit: EXIT.drift } : {};
  const telling = isNews ? announce({ ...event, ...exit }, stack, journal) : undefined;
  const converged =
    stack && engine
      ? await (load("../rollback/followed") as typeof Followed).converge({
          ...{ stack, engine, state, known, to, share, hold, journal, options, waitSeconds, event },
          fell: flagging.ended,
        })
      : "left";
  if (moves.length > 0 && converged === "left") await hold.settle();
  await Promise.all([telling, flagging.ended]);
  return finish({
    ...(movedAfter !== undefined && { movedAfter }),
    failed,
    ...(fencing && { fenced: await fencing.ended }),
    converged,
  });
}

/** Flags that rose together with the version that traffic leaves. */
const flagsWith = (known: Known | undefined, to: Colour): Readonly<Record<string, number>> =>
  known ? fallingWith(known, known.versions[otherColour(to)]) : {};
