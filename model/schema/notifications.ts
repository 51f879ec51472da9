import type { Notifications } from "../notifications";
import { EVENT_KINDS } from "../rolloutEvent";
import { type Fault, type Path, format, isRecord, set } from "./faults";
import { type Fields, oneOf, readFields } from "./fields";
import { parameterName, topicArn } from "./forms";
import { type ZodType, z } from "zod";

const URL_LIKE = /^\s*https?:|hooks\.slack/i;

const SLACK: Path = ["notifications", "slack"];

const kinds: ZodType<readonly (typeof EVENT_KINDS)[number][]> = z
  .array(oneOf(EVENT_KINDS), { error: `a list of ${EVENT_KINDS.join(", ")}` })
  .min(1, { error: "one at least; with none nobody would be told" });

const FIELDS: Fields<Required<Notifications>> = {
  slack: {
    schema: parameterName(
      "the name of an SSM parameter that holds the URL of a Slack webhook, such as /sluice/voiceassist/prod/slack",
    ),
    example: "/sluice/voiceassist/prod/slack",
    // Whatever stands here by mistake may be a URL.
    secret: true,
  },
  sns: { schema: topicArn },
  on: { schema: kinds, first: "rollback", element: "rollback" },
};

/**
 * Reads `sluice:notifications`.
 *
 * @param fallback of names in commands that mend
 */
export function readNotifications(
  raw: unknown,
  { app, environment }: { readonly app: string; readonly environment: string },
  faults: Fault[],
): Notifications | undefined {
  if (raw === undefined) return undefined;
  const parameter = `/sluice/${app}/${environment}/slack`;
  const isInClear = isRecord(raw) && typeof raw["slack"] === "string" && URL_LIKE.test(raw["slack"]);
  if (isInClear) faults.push(inClear(parameter));
  const fields = { ...FIELDS, slack: { ...FIELDS.slack, example: parameter } };
  return readFields<Required<Notifications>>(
    isInClear ? { ...raw, slack: undefined } : raw,
    ["notifications"],
    fields,
    faults,
  );
}

/** Whoever reads the file, its history, or the stack's could post by it. */
const inClear = (parameter: string): Fault => ({
  path: format(SLACK),
  found: "(a URL in clear)",
  allowed:
    "the name of an SSM parameter that holds it: whoever has a webhook's URL can post by it, so revoke this one in " +
    `Slack, make another, and keep it: read -rs URL && aws ssm put-parameter --type SecureString --name ${parameter} ` +
    '--value "$URL"',
  remedy: set(SLACK, parameter),
});
