import type { Environment } from "./environments";
import { isRecord } from "./schema/faults";

/** Somebody's word for a manual gate: that one version may leave one step. */
export interface Approval {
  readonly gate: string;
  readonly version: string;
  /** The candidate's share in percent at which it was given. */
  readonly share: number;
  /** Who gave it, by AWS's word. */
  readonly by: string;
  /** ISO time, by the approver's clock. */
  readonly at: string;
  readonly reason: string;
}

/**
 * The parameter that keeps a gate's latest approval. Plans of flags have names of gates of their own: a word for one
 * does not take the place of a word for another.
 *
 * @param flag whose way the gate is on. Absent: it is on the candidate's
 */
export const approvalParameter = (
  app: string,
  environment: Environment,
  gate: string,
  flag?: string,
): string => `/sluice/${app}/${environment}/approvals/${flag === undefined ? "" : `flags/${flag}/`}${gate}`;

/** @throws Error where the text is no approval */
export function parseApproval(text: string): Approval {
  const raw = parsed(text);
  const [gate, version, by, at, reason] = ["gate", "version", "by", "at", "reason"].map((key) =>
    isRecord(raw) && typeof raw[key] === "string" ? raw[key] : undefined,
  );
  const share = isRecord(raw) ? raw["share"] : undefined;
  const isWhole = [gate, version, by, reason].every((value) => value !== undefined && value !== "");
  if (!isWhole || typeof share !== "number" || at === undefined || Number.isNaN(Date.parse(at))) {
    throw new Error("it is not the JSON of an approval: gate, version, share, by, at and reason");
  }
  return { gate, version, share, by, at, reason } as Approval;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why an approval does not count for a version at a share; undefined where it does. */
export function irrelevance(
  approval: Approval,
  { gate, version, share }: Pick<Approval, "gate" | "version" | "share">,
): string | undefined {
  const { by, at } = approval;
  const given = `${by} approved at ${at}`;
  if (approval.gate !== gate) return `${given}, but gate ${approval.gate}`;
  if (approval.version !== version)
    return `${given}, but ${approval.version}; ${version} needs a word of its own`;
  if (approval.share !== share) return `${given}, but at ${approval.share} %; it is at ${share} % now`;
  return undefined;
}

const ROLE = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/;
const SESSION = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/;

/**
 * Whether who called is who must approve: named whole, or by a role that the caller has assumed. What a session calls
 * itself is the caller's choice, so a part of a name never counts.
 *
 * @param caller ARN, as STS names the caller
 * @param approver ARN of a user, a session or a role
 */
export function isApprover(caller: string, approver: string): boolean {
  if (caller === approver) return true;
  const role = ROLE.exec(approver)?.slice(1).join();
  return role !== undefined && role === SESSION.exec(caller)?.slice(1).join();
}
