import { z } from "zod";
import { CHANGE_KINDS } from "./planned";
import type { PreviewFacts } from "./preview";

const cost = z.object({ oneColour: z.number(), bothColours: z.number() });
const change = z.object({
  kind: z.enum(CHANGE_KINDS),
  type: z.string(),
  name: z.string(),
  properties: z.array(z.string()),
  protected: z.literal(true).optional(),
});
const refusal = z.object({
  layer: z.enum(["settings", "program", "policy pack", "guard"]),
  rule: z.string().optional(),
  where: z.string().optional(),
  message: z.string(),
  remedy: z.string().optional(),
});

const FACTS = z.object({
  schema: z.literal(1),
  stack: z.string().regex(/^[\w.-]{1,100}$/),
  commit: z.string().optional(),
  result: z.enum(["nothing", "changes", "refused", "failed"]),
  move: z
    .object({
      kind: z.enum(["deploy", "shift", "promote", "flip", "rollback", "hold"]),
      title: z.string(),
      rows: z.array(z.object({ what: z.string(), now: z.string(), then: z.string() })),
      remarks: z.array(z.string()),
    })
    .optional(),
  losses: z.array(z.object({ what: z.string(), change })),
  refusals: z.array(refusal),
  judgement: z
    .object({
      refused: z.array(z.string()),
      overridden: z.array(z.object({ rule: z.string(), by: z.string(), reason: z.string() })),
      passed: z.array(z.string()),
      notAsked: z.array(z.object({ rules: z.array(z.string()), why: z.string() })),
    })
    .optional(),
  advice: z.array(refusal),
  warnings: z.array(z.string()),
  changes: z.array(change),
  same: z.number(),
  cost: z.object({ before: cost.optional(), after: cost.optional() }),
  unreachable: z.string().optional(),
  unseen: z.array(z.string()),
  errors: z.array(z.string()),
});

/**
 * A record of a preview, as a job wrote it that ran a pull request's code: data, and nothing of it is believed. What is
 * made from it is text that a comment escapes.
 *
 * @throws Error where it is none
 */
export function factsIn(text: string): PreviewFacts {
  const found = FACTS.safeParse(parsed(text));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw new Error(
    `${issue?.path.join(".") || "the record"}: ${issue?.message ?? "is no record of a preview"}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
