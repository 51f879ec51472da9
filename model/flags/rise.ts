import type { Obstacle, Reason } from "../rollout/action";
import { isUnasked } from "../rollout/advance";
import { baking, gatesAgainst } from "../rollout/evidence";
import { stepAt } from "../rollout/plan";
import { list } from "../rules/wording";
import { format, remove } from "../schema/faults";
import { judge } from "../transition";
import type { FlagAction } from "./action";
import { type Flag, exposureOf } from "./flag";
import { type FlagSituation, holdFlag, recordedOf } from "./situation";
import { offPlan } from "./steps";

/** Rules that are asked about flags; all others are about what rises with traffic. */
const RULES = ["T10", "T11"];

/**
 * More sessions, if nothing stands against it; else what does, all of it.
 *
 * @param to percentage of sessions
 * @param isAsked whether configuration asks for it; else the plan does
 */
export function rise(scene: FlagSituation, to: number, isAsked: boolean): FlagAction {
  const { name, flag, state, gates, now } = scene;
  const from = recordedOf(scene);
  const asked: Flag = { ...flag, percentage: to };
  const step = stepAt(flag.plan, from);
  const terms = { since: state.flags?.[name]?.since ?? state.since, now };
  const gated = gatesAgainst(from > 0 || step.share === 0 ? step.gates : [], gates, terms);
  const evidence = [...watched(scene), ...baking(terms, from > 0 ? step.bakeSeconds : 0), ...gated.against];
  const others = [...behind(scene), ...stopped(scene, asked), ...refused(scene, asked)];
  const against = [...others, ...evidence];
  if (against.length > 0) {
    const isAsking = others.length === 0 && evidence.every((one) => isUnasked(one));
    return holdFlag(scene, against, isAsking ? gated.asks : []);
  }
  const text = `${name} gets ${to} % of the sessions: everything that it needs was seen to be good`;
  const reasons: Reason[] = [{ code: "passed", text }];
  return { kind: "raise", flag: name, from, to, isAsked, edit: isAsked ? {} : { percentage: to }, reasons };
}

/** An update of flags alone would record what it has not deployed. */
const behind = ({ beside }: FlagSituation): Obstacle[] =>
  beside.length === 0
    ? []
    : [
        {
          code: "behind",
          text: `configuration asks for more than flags: ${list(beside)}; that comes first`,
          awaits: "update",
        },
      ];

/** Past its plan, or held by somebody. */
const stopped = ({ state, name }: FlagSituation, asked: Flag): Obstacle[] =>
  offPlan({ [name]: asked }, state).map(({ why, remedy }) => {
    const { hold } = asked.plan;
    const resume = remove(["flags", name, "plan", "hold"]);
    return {
      code: "stopped",
      text: hold === undefined ? `${why}: ${remedy}` : `its plan is held: ${hold}; to go on: ${resume}`,
      awaits: "person",
    };
  });

function refused({ asked: circumstances, state, name, now }: FlagSituation, asked: Flag): Obstacle[] {
  const { release: _, plan: __, flags, ...others } = circumstances;
  const exposure = { percentage: exposureOf(asked), settled: asked.settled };
  const after = { ...flags, [name]: exposure };
  return judge({ ...others, flags: after, from: state, to: state.release, now })
    .filter(({ id }) => RULES.includes(id))
    .map(({ id, message }) => ({ code: "rule", rule: id, text: message, awaits: "person" }));
}

/** Alarms that are off, and those that nobody can tell of. */
function watched({ name, flag, alarms }: FlagSituation): Obstacle[] {
  const where = format(["flags", name, "alarms"]);
  if (flag.isUnwatched) {
    const text = `nobody has said which alarms take ${name} back: name them in ${where}, [] for none`;
    return [{ code: "unobserved", text, awaits: "person" }];
  }
  if (flag.alarms.length === 0) return [];
  const unobserved = (text: string): Obstacle => ({ code: "unobserved", text, awaits: "look" });
  if ("unseen" in alarms)
    return [unobserved(`the alarms of ${name} could not be observed: ${alarms.unseen}`)];
  const states = flag.alarms.map(({ name: alarm }) => ({ alarm, seen: alarms.value[alarm] }));
  const missing = states.filter(({ seen }) => !seen).map(({ alarm }) => alarm);
  return [
    ...states
      .filter(({ seen }) => seen?.state === "ALARM")
      .map(({ alarm, seen }): Obstacle => {
        const since = seen?.since === undefined ? "" : ` since ${seen.since}`;
        return { code: "failing", text: `alarm ${alarm} is off${since}`, awaits: "metrics" };
      }),
    ...states
      .filter(({ seen }) => seen?.state === "INSUFFICIENT_DATA")
      .map(({ alarm }) => unobserved(`alarm ${alarm} has too little data`)),
    ...(missing.length > 0
      ? [
          unobserved(
            `CloudWatch has no alarm ${list(missing)}; make it, or name others in ${where}, [] for none`,
          ),
        ]
      : []),
  ];
}
