import { createRequire } from "node:module";
import { nowIso } from "../../cloud/clock";
import type { Rollback } from "../../model/rollback";
import type { Known } from "../../model/known";
import type { LiveRule } from "../../model/live";
import { otherColour } from "../../model/release";
import { type RolloutEvent, rollbackEvent } from "../../model/rolloutEvent";
import type * as SchemaModule from "../../model/schema/notifications";
import type * as NotifyModule from "../notify/notify";
import { configurationOf } from "../project";
import type { StackSubject, Subject } from "../subject";
import type { Journal } from "./journal";

/** What tells people is read once traffic has moved. */
const load = createRequire(__filename);

/** A rollback that somebody asked for, as history and notifications have it. */
export function rolledBack(
  { to, share, fence }: Rollback,
  {
    subject,
    stack,
    rules,
    known,
    reason,
    by,
  }: {
    readonly subject: Subject;
    readonly stack: StackSubject | undefined;
    /** As they were before. */
    readonly rules: readonly LiveRule[];
    readonly known: Known | undefined;
    readonly reason: string;
    readonly by: string;
  },
): RolloutEvent {
  const colour = otherColour(to);
  const version = fence ?? known?.versions[colour];
  const { app, environment } = subject;
  return rollbackEvent(
    {
      ...{ to, share, reason },
      ...(version !== undefined && { version }),
      from: Math.max(...rules.map(({ shares }) => shares[colour])),
    },
    { ...(stack && { stack: stack.stack.name }), app, environment, by, at: nowIso() },
  );
}

/** Tells whoever configuration names; it never throws, and what else is at fault in configuration is no matter. */
export async function announce(
  event: RolloutEvent,
  stack: StackSubject | undefined,
  journal: Journal,
): Promise<void> {
  if (!stack) return;
  try {
    const raw = configurationOf(stack.project, stack.stack).values["sluice:notifications"];
    if (raw === undefined) return;
    const { readNotifications } = load("../../model/schema/notifications") as typeof SchemaModule;
    const { notify } = load("../notify/notify") as typeof NotifyModule;
    const settings = readNotifications(JSON.parse(raw), stack, []);
    for (const remark of await notify(event, settings, stack)) journal.tell(remark);
  } catch {
    journal.tell(
      "nobody was told: sluice:notifications is not readable; sluice status says what is wrong with it",
    );
  }
}
