import { isRecord } from "../schema/faults";

/** A statement of an IAM policy, with every list a list. */
export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Principals of other accounts, or anybody. */
  readonly accounts: readonly string[];
  readonly conditioned: boolean;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The statements of a policy, as JSON text; none where it is no policy. */
export function statementsOf(policy: unknown): Statement[] {
  const document = parsed(policy);
  const statements = isRecord(document) ? document["Statement"] : undefined;
  return (Array.isArray(statements) ? statements : [statements]).filter(isRecord).map((raw) => ({
    effect: String(raw["Effect"]),
    actions: texts(raw["Action"]),
    resources: texts(raw["Resource"]),
    accounts: principals(raw["Principal"]),
    conditioned: raw["Condition"] !== undefined,
    raw,
  }));
}

/** The same policy with one more statement. */
export const withStatement = (policy: unknown, statement: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [...statementsOf(policy).map(({ raw }) => raw), statement],
  });

/** Whether a statement speaks of everybody, and nothing narrows that down but the way in which they come. */
export const isEverybody = ({ accounts, conditioned, effect }: Statement): boolean =>
  accounts.includes("*") && (effect === "Deny" || !conditioned);

function parsed(policy: unknown): unknown {
  if (typeof policy !== "string") return policy;
  try {
    return JSON.parse(policy);
  } catch {
    return undefined;
  }
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);

/** AWS principals: accounts, roles, or the asterisk. Services are none of them. */
function principals(value: unknown): string[] {
  if (value === "*") return ["*"];
  return isRecord(value) && value["AWS"] !== undefined ? texts(value["AWS"]) : [];
}
