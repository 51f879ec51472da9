import { nowIso, nowMilliseconds } from "../../cloud/clock";
import { Identity } from "../../cloud/identity";
import { LoadBalancing } from "../../cloud/loadBalancing";
import { Parameters } from "../../cloud/parameters";
import { PROMETHEUS_URL, queryNumber } from "../../cloud/prometheus";
import { TargetMetrics } from "../../cloud/targetMetrics";
import { WeightedRules } from "../../cloud/weightedRules";
import { type Finding, clockFinding, ok, refusal, targetsFinding, unseen, warn } from "../../model/doctor";
import { parseFence } from "../../model/guard";
import { parseKnown, releaseParameter } from "../../model/known";
import type { LiveRule, Targets } from "../../model/live";
import { fenceParameter } from "../../model/names";
import { COLOURS } from "../../model/release";
import type { Seen } from "../../model/rollout/seen";
import { reasonOf } from "../failure";
import type { StackSubject } from "../subject";
import { seen } from "../seen";
import type { Check } from "./check";

/** How far back the metrics are asked for, in milliseconds: as far as needed to have some settled minutes. */
const BACK = 10 * 60_000;

/** Who the credentials are, and the clock: all that can be asked without a stack. */
export function identityChecks(region: string): Check[] {
  const asking = seen(new Identity(region).callerAndClock());
  return [
    {
      name: "credentials",
      look: asking.then((caller) =>
        "unseen" in caller ? refusal(caller.unseen, ["sts:GetCallerIdentity"]) : whose(caller.value.arn),
      ),
    },
    {
      name: "clock",
      look: asking.then((caller) =>
        "unseen" in caller
          ? unseen("AWS did not say what time it is")
          : clockFinding(caller.value.skewSeconds),
      ),
    },
  ];
}

/** In GitHub's runners a user's keys are long-lived secrets that a role's would replace. */
function whose(arn: string): Finding {
  const { GITHUB_ACTIONS, ACTIONS_ID_TOKEN_REQUEST_URL } = process.env;
  if (GITHUB_ACTIONS !== "true" || !arn.includes(":user/")) return ok(arn);
  const mend = ACTIONS_ID_TOKEN_REQUEST_URL
    ? "aws-actions/configure-aws-credentials with role-to-assume"
    : "permissions: { id-token: write }, and role-to-assume";
  return warn(`${arn}: long-lived keys in CI`, mend);
}

/** Everything that a command looks at in AWS, each call with what it must be permitted. */
export function cloudChecks({ app, environment, region }: StackSubject): Check[] {
  const rules = seen(new WeightedRules(region).of(app, environment));
  const parameters = new Parameters(region);
  return [
    ...identityChecks(region),
    { name: "rules", look: rules.then((found) => rulesFinding(found, `${app}-${environment}`)) },
    { name: "targets", look: rules.then((found) => healthFinding(found, region)) },
    { name: "metrics", look: rules.then((found) => metricsFinding(found, region)) },
    {
      name: "fence",
      look: parameterFinding(parameters.get(fenceParameter(app, environment)), (text) => {
        if (text === undefined) return ok("none stands");
        const { version, at, by, reason } = parseFence(text);
        return ok(`${version} is fenced since ${at} by ${by}: ${reason}`);
      }),
    },
    {
      name: "published",
      look: parameterFinding(parameters.get(releaseParameter(app, environment)), (text) => {
        if (text === undefined) return warn("the stack publishes nothing yet", "pulumi up");
        return ok(`${parseKnown(text).live} is live`);
      }),
    },
  ];
}

function rulesFinding(rules: Seen<readonly LiveRule[]>, place: string): Finding {
  if ("unseen" in rules) {
    if (/LoadBalancerNotFound/.test(rules.unseen)) {
      return warn(`${place} has no load balancer yet`, "pulumi up");
    }
    const actions = ["LoadBalancers", "Listeners", "Rules", "Tags"];
    return refusal(
      rules.unseen,
      actions.map((what) => `elasticloadbalancing:Describe${what}`),
    );
  }
  const services = rules.value.map(({ service }) => service);
  if (services.length === 0) return warn(`no rule is tagged as one of ${place}'s`, "pulumi up");
  return ok(`${services.length}, by their tags: ${services.join(", ")}`);
}

const notLookedAt: Finding = unseen("not looked at, for the rules were not seen");

async function healthFinding(rules: Seen<readonly LiveRule[]>, region: string): Promise<Finding> {
  if ("unseen" in rules) return withoutRules(rules.unseen);
  const balancing = new LoadBalancing(region);
  const health = async ({ service, targetGroups }: LiveRule) => {
    const both = COLOURS.map(async (colour): Promise<[string, Targets]> => [
      colour,
      await balancing.health(targetGroups[colour]),
    ]);
    return [service, Object.fromEntries(await Promise.all(both))] as const;
  };
  try {
    return targetsFinding(rules.value, Object.fromEntries(await Promise.all(rules.value.map(health))));
  } catch (error) {
    return refusal(reasonOf(error), ["elasticloadbalancing:DescribeTargetHealth"]);
  }
}

async function metricsFinding(rules: Seen<readonly LiveRule[]>, region: string): Promise<Finding> {
  if ("unseen" in rules) return withoutRules(rules.unseen);
  const groups = rules.value.flatMap(({ targetGroups }) => COLOURS.map((colour) => targetGroups[colour]));
  const span = { from: new Date(nowMilliseconds() - BACK).toISOString(), to: nowIso() };
  try {
    const found = Object.values(await new TargetMetrics(region).minutes(groups, span)).flat();
    const requests = found.reduce((sum, minute) => sum + minute.requests, 0);
    if (requests > 0) return ok(`CloudWatch counts ${requests} requests in the last 10 min`);
    return warn("CloudWatch counts no request in the last 10 min: nothing can be judged without any");
  } catch (error) {
    const actions = ["cloudwatch:GetMetricData", "elasticloadbalancing:DescribeTargetGroups"];
    return refusal(reasonOf(error), actions);
  }
}

/** What is not there yet is no fault; what could not be seen is. */
const withoutRules = (reason: string): Finding =>
  /LoadBalancerNotFound/.test(reason) ? warn("there is nothing yet") : notLookedAt;

async function parameterFinding(
  asking: Promise<string | undefined>,
  judged: (text: string | undefined) => Finding,
): Promise<Finding> {
  const found = await seen(asking);
  if ("unseen" in found) return refusal(found.unseen, ["ssm:GetParameter"]);
  try {
    return judged(found.value);
  } catch (error) {
    return unseen(`nobody can read it: ${reasonOf(error)}`);
  }
}

export async function prometheusFinding(): Promise<Finding> {
  if (!process.env[PROMETHEUS_URL]) {
    return ok(`${PROMETHEUS_URL} is not set: CloudWatch alone judges`);
  }
  const answer = await queryNumber("vector(1)");
  return "unseen" in answer
    ? unseen(answer.unseen, `export ${PROMETHEUS_URL}=http://HOST:9090`)
    : ok("it answers");
}
