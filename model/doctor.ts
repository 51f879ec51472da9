import { SKEW_SECONDS } from "./analysis/observation";
import { type Held, type Pending, mends } from "./lock";
import type { LiveRule, LiveTargets } from "./live";
import { COLOURS } from "./release";
import { list } from "./rules/wording";
import type { Seen } from "./rollout/seen";

/** What a look at one part of the set-up found. */
export interface Finding {
  /** `warn`: it works, and somebody should know; `fault`: a command would fail by it. */
  readonly level: "ok" | "warn" | "fault";
  /** Sentences without a full stop at the end. */
  readonly text: string;
  /** What mends it: a command where there is one. */
  readonly mend?: string;
  /** Whether nobody could look, rather than that something was seen to be wrong. Default: no. */
  readonly isUnseen?: boolean;
}

export const ok = (text: string): Finding => ({ level: "ok", text });

export const warn = (text: string, mend?: string): Finding => ({
  ...{ level: "warn", text },
  ...(mend !== undefined && { mend }),
});

export const fault = (text: string, mend?: string): Finding => ({
  ...{ level: "fault", text },
  ...(mend !== undefined && { mend }),
});

export const unseen = (text: string, mend?: string): Finding => ({ ...fault(text, mend), isUnseen: true });

/** How a set-up is as a whole: what is wrong outweighs what could not be seen. */
export function outcomeOf(findings: readonly Finding[]): "sound" | "faulty" | "unseen" {
  const faults = findings.filter(({ level }) => level === "fault");
  if (faults.length === 0) return "sound";
  return faults.every(({ isUnseen }) => isUnseen) ? "unseen" : "faulty";
}

/**
 * Why AWS was not to be asked, and what mends it.
 *
 * @param actions what the caller must be permitted, as policies name them
 */
export function refusal(reason: string, actions: readonly string[]): Finding {
  if (/AccessDenied|not authorized|UnauthorizedOperation/i.test(reason)) {
    return unseen(reason, `let a policy of whoever this is allow ${list(actions)}`);
  }
  if (/expired/i.test(reason)) return unseen(reason, "aws sso login, or take new credentials");
  if (/CredentialsProviderError|Could not load credentials|Unable to locate/i.test(reason)) {
    return unseen(reason, "aws sso login, or export AWS_PROFILE=NAME");
  }
  if (/SignatureDoesNotMatch|InvalidClientTokenId|UnrecognizedClient|RequestTimeTooSkewed/i.test(reason)) {
    return unseen(reason, "aws sts get-caller-identity, to see whose credentials these are");
  }
  return unseen(reason);
}

/** @param seconds this clock's time less AWS's */
export function clockFinding(seconds: number): Finding {
  const off = `${Math.abs(Math.round(seconds))} s ${seconds < 0 ? "behind" : "ahead of"} AWS's`;
  if (Math.abs(seconds) <= SKEW_SECONDS) return ok(`${off}; ${SKEW_SECONDS} s are allowed`);
  return fault(`this clock is ${off}; ${SKEW_SECONDS} s are allowed`, "sudo timedatectl set-ntp true");
}

/** @param colours whose targets are to be healthy: those that have traffic */
export function targetsFinding(rules: readonly LiveRule[], targets: LiveTargets): Finding {
  const served = rules.flatMap(({ service, shares }) =>
    COLOURS.filter((colour) => shares[colour] > 0).map((colour) => ({
      name: `${service} ${colour}`,
      targets: targets[service]?.[colour],
    })),
  );
  const dark = served.filter((one) => one.targets?.healthy === 0).map(({ name }) => name);
  if (dark.length > 0) return fault(`no healthy target, with traffic: ${list(dark)}`, "kubectl get pods");
  const ill = served.flatMap(({ name, targets: found }) =>
    found && found.healthy < found.registered ? [`${name} ${found.healthy}/${found.registered}`] : [],
  );
  if (ill.length > 0) return warn(`not all healthy: ${list(ill)}`);
  return ok(served.length === 0 ? "no rule gives any colour traffic" : "all healthy where traffic goes");
}

export function lockFinding(stack: string, locks: Seen<readonly Held[]>): Finding {
  if ("unseen" in locks) return unseen(`locks could not be seen: ${locks.unseen}`);
  const [first] = locks.value;
  if (!first) return ok("nobody's update holds the stack");
  const since = first.owner ? ` since ${first.owner.since}` : "";
  return warn(
    `an update by ${first.by ?? "somebody"} holds the stack${since}`,
    `where it is dead: sluice unlock -s ${stack}`,
  );
}

export function pendingFinding(stack: string, pending: Seen<readonly Pending[]>): Finding {
  if ("unseen" in pending) return unseen(pending.unseen);
  const { value } = pending;
  if (value.length === 0) return ok("the state is whole");
  const what = value.map(({ operation, urn }) => `${operation} ${urn.split("::").at(-1) ?? urn}`);
  return warn(`an update broke off while ${list(what)}`, mends(stack, value).join("\n"));
}
