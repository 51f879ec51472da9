import { ORIGIN_LABEL } from "../names";
import type { ServiceSettings } from "../services";
import type { Readable } from "./combinations";
import { type Fault, format, remove, set } from "./faults";

const AN_ARN = "arn:aws:acm:<region>:<account>:certificate/<id>";

/** Combinations of domain, zone and certificate that can never be, or that the environment forbids. */
export function edgeFaults({ environment, certificateArn, given, services }: Readable): Fault[] {
  const faults: Fault[] = given.has("zoneId") ? behindCloudFront(services.complete, given) : [];
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

/** CloudFront stands between, with a name of its own for the load balancer. */
function behindCloudFront(
  services: Readonly<Record<string, ServiceSettings>>,
  given: ReadonlySet<string>,
): Fault[] {
  const taken = Object.entries(services).flatMap(([name, { public: address }]) =>
    address?.host === ORIGIN_LABEL ? [["services", name, "public", "host"] as const] : [],
  );
  return [
    ...taken.map((path) => ({
      path: format(path),
      found: ORIGIN_LABEL,
      allowed: "another label: CloudFront reaches the load balancer by that one",
      remedy: set(path, "api"),
    })),
    ...(given.has("previewSources")
      ? [
          {
            path: "sluice:previewSources",
            found: "(given)",
            allowed:
              "nothing beside sluice:zoneId: behind CloudFront no request comes from its client's address, and a secret protects previews",
            remedy: remove(["previewSources"]),
          },
        ]
      : []),
  ];
}
