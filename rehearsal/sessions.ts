import { SSMClient } from "@aws-sdk/client-ssm";
import { Flag } from "../client/index";
import { clientConfig } from "../cloud/client";
import { flagParameter } from "../model/flags/parameter";
import { type Scene, endpointOf } from "./scene";
import { REPORTED_RISK, binomialInterval } from "./traffic/interval";

/** Sessions that are asked for, and how many of them must have a flag. */
export interface FlagQuestion {
  readonly flag: string;
  /** Of the sessions that must have it, in percent. */
  readonly percentage: number;
}

/** What sessions of an application met. */
export interface SessionsRecord extends FlagQuestion {
  readonly sessions: number;
  /** Of these, those that have it. */
  readonly had: number;
  /** Where that lies 999 times in 1,000, in percent. */
  readonly interval: readonly [number, number];
  /** Sessions that got another answer when they asked again, or lost the flag although it was given to no fewer. */
  readonly changed: number;
}

/** As many as show a share to a percent or so. */
const SESSIONS = 4_000;

/** Who had the flag when sessions were asked last, by the working copy's folder and the flag. */
const last = new Map<string, { readonly percentage: number; readonly had: ReadonlySet<string> }>();

/**
 * Asks for sessions as an application does, by the client that applications use, which has loaded nothing yet. They are
 * the same ones each time.
 *
 * @throws Error where the client could not read the flag
 */
export async function askSessions(scene: Scene, { flag, percentage }: FlagQuestion): Promise<SessionsRecord> {
  const { dir, env, subject } = scene;
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = env;
  const client = new SSMClient({
    ...clientConfig(subject.region),
    endpoint: endpointOf(scene),
    credentials: { accessKeyId, secretAccessKey },
  });
  const parameter = flagParameter(subject.app, subject.environment, flag);
  const warned: string[] = [];
  const logger = { info: () => undefined, warn: (line: string) => void warned.push(line) };
  const asking = () => new Flag({ parameter, client, logger });
  const [one, another] = [asking(), asking()];
  const had = new Set<string>();
  let changed = 0;
  try {
    for (let index = 0; index < SESSIONS; index += 1) {
      const session = `session-${index}`;
      const has = await one.isEnabled(session);
      if (has) had.add(session);
      if ((await another.isEnabled(session)) !== has) changed += 1;
    }
  } finally {
    client.destroy();
  }
  // Who has it is by its defaults then, and tells nothing.
  if (warned[0] !== undefined) throw new Error(warned[0]);
  const before = last.get(`${dir} ${flag}`);
  if (before && percentage >= before.percentage) {
    for (const session of before.had) if (!had.has(session)) changed += 1;
  }
  last.set(`${dir} ${flag}`, { percentage, had });
  const { low, high } = binomialInterval(SESSIONS, percentage, REPORTED_RISK);
  return { flag, percentage, sessions: SESSIONS, had: had.size, interval: [low, high], changed };
}
