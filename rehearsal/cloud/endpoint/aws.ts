import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Faults } from "../faults";
import type { World } from "../world";
import { scopeOf } from "./authorization";
import { elbv2 } from "./elbv2/service";
import { asAwsError, AwsError } from "./errors";
import { queryAnswer, queryError, readQuery } from "./query";
import type { Action, Input, Service } from "./service";
import { sns } from "./sns";
import { ssm } from "./ssm/service";
import { sts } from "./sts";

/** What goes back over HTTP. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly requestId: string;
}

const SERVICES: readonly Service[] = [elbv2, sns, ssm, sts];
const XML = "text/xml";
const JSON_TYPE = "application/x-amz-json-";

/** What a request asks for, read out of its protocol. */
interface Asked {
  readonly action: string;
  readonly input: Input;
  /** The JSON protocol's target, such as `AmazonSSM`, or Query's API version. */
  readonly api: string;
}

/**
 * Answers a request to AWS. All services share one address, so the service is the one that the request
 * was signed for; the action is in the form (Query) or in a header (JSON).
 *
 * @param more services beside those that need nothing but the world
 */
export function answerAws(
  headers: IncomingHttpHeaders,
  body: string,
  world: World,
  faults: Faults,
  more: readonly Service[] = [],
): Answer {
  const requestId = randomUUID();
  const target = headers["x-amz-target"];
  const isJson = target !== undefined;
  let namespace = "";
  let jsonType = `${JSON_TYPE}1.1`;
  try {
    const scope = scopeOf(headers.authorization);
    const asked = isJson ? readJson(String(target), body) : readForm(body);
    const service = [...SERVICES, ...more].find(({ name }) => name === scope.service);
    if (service?.protocol.kind === "query") namespace = service.protocol.namespace;
    if (service?.protocol.kind === "json") jsonType = `${JSON_TYPE}${service.protocol.version}`;
    const action = find(service, asked, isJson);
    faults.check({
      action: "api",
      type: `${scope.service}:${asked.action}`,
      name: action.resource(asked.input),
    });
    const result = action.respond({ world, region: scope.region, input: asked.input });
    return isJson
      ? { status: 200, type: jsonType, body: JSON.stringify(result), requestId }
      : { status: 200, type: XML, body: queryAnswer(asked.action, namespace, result, requestId), requestId };
  } catch (thrown) {
    const error = asAwsError(thrown);
    return isJson
      ? { status: error.status, type: jsonType, body: jsonError(error), requestId }
      : { status: error.status, type: XML, body: queryError(error, namespace, requestId), requestId };
  }
}

function readJson(target: string, body: string): Asked {
  const [api = "", action = ""] = target.split(".");
  try {
    return { api, action, input: JSON.parse(body || "{}") as Input };
  } catch {
    throw new AwsError("SerializationException", "The request's body is not JSON");
  }
}

function readForm(body: string): Asked {
  const form = new URLSearchParams(body);
  return { api: form.get("Version") ?? "", action: form.get("Action") ?? "", input: readQuery(form) };
}

function find(service: Service | undefined, { api, action }: Asked, isJson: boolean): Action {
  const fits =
    service?.protocol.kind === "json"
      ? isJson && service.protocol.target === api
      : !isJson && service?.protocol.version === api;
  const found =
    fits && service && Object.hasOwn(service.actions, action) ? service.actions[action] : undefined;
  if (found) return found;
  if (isJson) throw new AwsError("UnknownOperationException", `The operation ${api}.${action} is not known`);
  throw new AwsError("InvalidAction", `Could not find operation ${action} for version ${api}`);
}

/** JSON's names of the errors that the protocols spell differently have `Exception` at their end. */
function jsonError({ code, message }: AwsError): string {
  const bare = ["MissingAuthenticationToken", "IncompleteSignature"].includes(code);
  return JSON.stringify({ __type: bare ? `${code}Exception` : code, message });
}
