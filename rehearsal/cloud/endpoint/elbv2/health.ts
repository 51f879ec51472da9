import { healthCheckOf } from "../../balancer/health";
import { loadBalancersByGroup, TARGET_GROUP } from "../../balancer/resources";
import type { Target } from "../../world";
import { get } from "./describe";
import { validationError } from "../errors";
import { type Call, structures, text } from "../service";

/** AWS's wording of its reasons. */
const DESCRIPTIONS: Record<string, string> = {
  "Elb.RegistrationInProgress": "Target registration is in progress",
  "Elb.InitialHealthChecking": "Initial health checks in progress",
  "Target.Timeout": "Request timed out",
  "Target.ResponseCodeMismatch": "Health checks failed with an unexpected status code",
  "Target.FailedHealthChecks": "Health checks failed",
  "Target.DeregistrationInProgress": "Target deregistration is in progress",
  "Target.NotInUse": "Target group is not configured to receive traffic from the load balancer",
  "Target.NotRegistered": "Target is not registered to the target group",
};

/** A group that no rule names is out of use, whatever its targets' health would be. */
export function describeTargetHealth({ world, input }: Call): object {
  const arn = text(input.TargetGroupArn);
  if (!arn) throw validationError("A target group ARN must be specified");
  const { properties } = get(world, TARGET_GROUP, arn);
  const check = healthCheckOf(properties);
  const inUse = loadBalancersByGroup(world).has(arn);
  const registered = world.targets(arn);
  const asked = structures(input.Targets).map(({ Id, Port }) => ({
    id: String(Id),
    port: Number(text(Port) ?? properties.port),
  }));
  const TargetHealthDescriptions = (asked.length > 0 ? asked : registered).map(({ id, port }) => {
    const target = registered.find((known) => known.id === id && known.port === port);
    return {
      Target: { Id: id, Port: port },
      HealthCheckPort: check.port === "traffic-port" ? String(port) : check.port,
      TargetHealth: healthOf(target, inUse),
    };
  });
  return { TargetHealthDescriptions };
}

function healthOf(target: Target | undefined, inUse: boolean): object {
  const unused = !target ? "Target.NotRegistered" : inUse ? undefined : "Target.NotInUse";
  const reason = unused ?? target?.reason;
  return {
    State: unused ? "unused" : target?.state,
    Reason: reason,
    Description: reason && (DESCRIPTIONS[reason] ?? reason),
  };
}
