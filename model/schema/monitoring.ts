import type { Environment } from "../environments";
import {
  type EmailReceiver,
  HOMES,
  LEVELS,
  LEVEL_OF,
  type Monitoring,
  PARTS_OF,
  type PageReceiver,
  type Receivers,
  defaultMonitoring,
  defaultReceivers,
} from "../monitoring/monitoring";
import type { Notifications } from "../notifications";
import { type Fault, format, isRecord, remove, set } from "./faults";
import { type Field, type Fields, oneOf, readFields, text } from "./fields";
import { parameterName, topicArn } from "./forms";

/** What the readers need to know of the stack. */
interface Stack {
  readonly app: string;
  readonly environment: Environment;
  readonly notifications?: Notifications | undefined;
}

/** The name of a parameter that holds a secret; whatever stands here by mistake may be the secret itself. */
const secretOf = ({ app, environment }: Stack, name: string, what: string): Field<string> => ({
  schema: parameterName(
    `the name of an SSM parameter that holds ${what}, such as /sluice/voiceassist/prod/${name}`,
  ),
  example: `/sluice/${app}/${environment}/${name}`,
  secret: true,
});

const address = (name: string): Field<string> => ({
  required: true,
  schema: text(/^[^\s@",;<>]+@[A-Za-z0-9.-]+$/, "an e-mail address such as ops@example.com", 254),
  example: `${name}@example.com`,
});

const emailFields = (stack: Stack): Fields<Required<EmailReceiver>> => ({
  to: address("ops"),
  from: address("alerts"),
  server: {
    required: true,
    schema: text(
      /^[A-Za-z0-9.-]+:\d{1,5}$/,
      "an SMTP server with its port, such as smtp.example.com:587",
      260,
    ),
    example: "email-smtp.us-east-1.amazonaws.com:587",
  },
  user: {
    schema: text(/^[\x21-\x7e]+$/, "the name by which the SMTP server knows us", 254),
    example: "alerts",
  },
  password: secretOf(stack, "smtp-password", "the SMTP user's password"),
});

const pageFields = (stack: Stack): Fields<Required<PageReceiver>> => ({
  pagerduty: secretOf(stack, "pagerduty", "PagerDuty's integration key"),
  opsgenie: secretOf(stack, "opsgenie", "Opsgenie's API key"),
  sns: { schema: topicArn },
});

const FIELDS: Fields<Omit<Monitoring, "receivers">> = {
  level: { schema: oneOf(LEVELS), words: LEVELS, example: "full" },
  prometheus: { schema: oneOf(HOMES), words: HOMES, example: "cluster" },
  grafana: { schema: oneOf(HOMES), words: HOMES, example: "cluster" },
  runbooks: {
    schema: text(/^https:\/\/[^\s#"<>\\]+$/, "the https URL of docs/alerts.md, without #", 500),
    example: "https://github.com/owner/name/blob/main/docs/alerts.md",
  },
};

/** Reads `sluice:monitoring`; what it does not set is the environment's. */
export function readMonitoring(raw: unknown, stack: Stack, faults: Fault[]): Monitoring {
  const defaults = defaultMonitoring(stack.environment, stack.notifications);
  if (raw === undefined) return defaults;
  const fields = { ...FIELDS, level: { ...FIELDS.level, example: LEVEL_OF[stack.environment] } };
  const read = readFields(raw, ["monitoring"], fields, faults, ["receivers"]);
  const given = isRecord(raw) ? raw["receivers"] : undefined;
  const monitoring = { ...defaults, ...read, receivers: readReceivers(given, stack, faults) };
  sameHome(monitoring, faults);
  return monitoring;
}

/** AWS's Grafana does not get into the cluster, and the cluster's has nothing to sign requests to AWS by. */
function sameHome({ level, prometheus, grafana }: Monitoring, faults: Fault[]): void {
  if (!PARTS_OF[level].dashboards || prometheus === grafana) return;
  faults.push({
    path: format(["monitoring", "grafana"]),
    found: grafana,
    allowed: `${prometheus}, where Prometheus is: neither Grafana reaches the other's`,
    remedy: set(["monitoring", "grafana"], prometheus),
  });
}

function readReceivers(raw: unknown, stack: Stack, faults: Fault[]): Receivers {
  const defaults = defaultReceivers(stack.notifications);
  if (raw === undefined) return defaults;
  const slack = { slack: secretOf(stack, "alerts-slack", "the URL of a Slack webhook") };
  const path = ["monitoring", "receivers"] as const;
  const read = readFields<{ slack: string }>(raw, path, slack, faults, ["email", "page"]);
  const given = isRecord(raw) ? raw : {};
  const email = given["email"] === undefined ? undefined : readEmail(given["email"], stack, faults);
  const page = given["page"] === undefined ? undefined : readPage(given["page"], stack, faults);
  return { ...defaults, ...read, ...(email && { email }), ...(page && { page }) };
}

function readEmail(raw: unknown, stack: Stack, faults: Fault[]): EmailReceiver | undefined {
  const before = faults.length;
  const path = ["monitoring", "receivers", "email"] as const;
  const read = readFields(raw, path, emailFields(stack), faults);
  if (faults.length > before) return undefined;
  if ((read.user === undefined) !== (read.password === undefined)) {
    const [alone, lacking] = read.user === undefined ? ["password", "user"] : ["user", "password"];
    faults.push({
      path: format([...path, lacking]),
      found: undefined,
      allowed: `user and password, or neither; ${alone} is there alone`,
      remedy: set([...path, lacking], emailFields(stack)[lacking as "user" | "password"].example ?? ""),
    });
  }
  return read as EmailReceiver;
}

function readPage(raw: unknown, stack: Stack, faults: Fault[]): PageReceiver | undefined {
  const before = faults.length;
  const path = ["monitoring", "receivers", "page"] as const;
  const fields = pageFields(stack);
  const read = readFields(raw, path, fields, faults);
  if (faults.length === before && Object.keys(read).length === 0) {
    const allowed = `one at least of ${Object.keys(fields).join(", ")}; without \`page\` it is who is told of releases`;
    faults.push({ path: format(path), found: raw, allowed, remedy: remove(path) });
  }
  return read;
}
