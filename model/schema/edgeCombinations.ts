import type { Readable } from "./combinations";
import { type Fault, remove, set } from "./faults";

const AN_ARN = "arn:aws:acm:<region>:<account>:certificate/<id>";

/** Combinations of domain, zone and certificate that can never be, or that the environment forbids. */
export function edgeFaults({ environment, certificateArn, given }: Readable): Fault[] {
  const faults: Fault[] = [];
  if (given.has("zoneId") && !given.has("domain")) {
    faults.push({
      path: "sluice:domain",
      found: undefined,
      allowed: "the domain whose zone sluice:zoneId is",
      remedy: set(["domain"], "voiceassist.example.com"),
    });
  }
  if (given.has("zoneId") && certificateArn !== undefined) {
    faults.push({
      path: "sluice:certificateArn",
      found: certificateArn,
      allowed: "nothing beside sluice:zoneId, with which the stack makes its own certificates",
      remedy: remove(["certificateArn"]),
    });
  }
  const plain = !given.has("zoneId") && !given.has("certificateArn");
  if (plain && environment !== undefined && environment !== "dev") {
    faults.push({
      path: "sluice:certificateArn",
      found: undefined,
      allowed: `a certificate, or sluice:domain and sluice:zoneId to make one: ${environment} speaks TLS`,
      remedy: `${set(["certificateArn"], AN_ARN)} (or ${set(["zoneId"], "<zone>")})`,
    });
  }
  return faults;
}
