import type { Action, Condition, Forward } from "../../balancer/resources";
import { AwsError, validationError } from "../errors";
import { type Input, structures, text, texts } from "../service";

const LARGEST_WEIGHT = 999;
const MOST_GROUPS = 5;
const LONGEST_STICKINESS = 604_800;
const LONGEST_HEADER_NAME = 40;
const LONGEST_VALUE = 128;

/** An action of a call in Pulumi's properties. @throws AwsError where AWS would refuse it. */
export function actionFromAws(input: Input, index: number): Action {
  const type = text(input.Type);
  const order = Number(text(input.Order) ?? index + 1);
  switch (type) {
    case "forward":
      return { type, order, ...forwardFromAws(input) };
    case "fixed-response":
      return {
        type,
        order,
        fixedResponse: fixedResponseFromAws(input.FixedResponseConfig as Input | undefined),
      };
    case "redirect":
      return { type, order, redirect: redirectFromAws(input.RedirectConfig as Input | undefined) };
    default:
      throw validationError(
        `1 validation error detected: Value '${type ?? ""}' at 'actions.${index + 1}.member.type' failed to satisfy ` +
          "constraint: Member must satisfy enum value set: [forward, redirect, fixed-response]",
      );
  }
}

function forwardFromAws(input: Input): { targetGroupArn: string } | { forward: Forward } {
  const short = text(input.TargetGroupArn);
  const config = input.ForwardConfig as Input | undefined;
  if (!config) {
    if (!short) throw validationError("A target group ARN must be specified");
    return { targetGroupArn: short };
  }
  const targetGroups = structures(config.TargetGroups).map((tuple) => ({
    arn: text(tuple.TargetGroupArn) ?? "",
    weight: weightFrom(tuple.Weight),
  }));
  if (targetGroups.length < 1 || targetGroups.length > MOST_GROUPS) {
    throw validationError(
      `A forward action has from 1 to ${MOST_GROUPS} target groups; found ${targetGroups.length}`,
    );
  }
  const arns = targetGroups.map(({ arn }) => arn);
  if (new Set(arns).size < arns.length) throw validationError("A target group is named more than once");
  if (short && (arns.length > 1 || arns[0] !== short)) {
    throw new AwsError(
      "InvalidLoadBalancerAction",
      "You cannot specify both a target group ARN and target groups in a forward action unless they match",
    );
  }
  const stickiness = stickinessFromAws(config.TargetGroupStickinessConfig as Input | undefined);
  return { forward: { targetGroups, ...(stickiness && { stickiness }) } };
}

function weightFrom(value: unknown): number {
  const weight = Number(text(value) ?? 1);
  if (!Number.isInteger(weight) || weight < 0 || weight > LARGEST_WEIGHT) {
    throw validationError(`Weight '${String(value)}' must be a whole number from 0 to ${LARGEST_WEIGHT}`);
  }
  return weight;
}

function stickinessFromAws(config: Input | undefined): Forward["stickiness"] {
  if (!config) return undefined;
  const enabled = text(config.Enabled) === "true";
  const given = text(config.DurationSeconds);
  const duration = Number(given);
  const valid = Number.isInteger(duration) && duration >= 1 && duration <= LONGEST_STICKINESS;
  if (given === undefined ? enabled : !valid) {
    throw validationError(
      `Target group stickiness duration '${given ?? ""}' must be from 1 to ${LONGEST_STICKINESS} seconds`,
    );
  }
  return given === undefined ? undefined : { enabled, duration };
}

function fixedResponseFromAws(config: Input | undefined): NonNullable<Action["fixedResponse"]> {
  const statusCode = text(config?.StatusCode);
  if (!statusCode || !/^[245]\d\d$/.test(statusCode)) {
    throw validationError(`Status code '${statusCode ?? ""}' of a fixed response must be 2XX, 4XX or 5XX`);
  }
  const messageBody = text(config?.MessageBody);
  const contentType = text(config?.ContentType) ?? "text/plain";
  return { statusCode, contentType, ...(messageBody && { messageBody }) };
}

function redirectFromAws(config: Input | undefined): NonNullable<Action["redirect"]> {
  const statusCode = text(config?.StatusCode);
  if (statusCode !== "HTTP_301" && statusCode !== "HTTP_302") {
    throw validationError(`Status code '${statusCode ?? ""}' of a redirect must be HTTP_301 or HTTP_302`);
  }
  return {
    statusCode,
    host: text(config?.Host) ?? "#{host}",
    path: text(config?.Path) ?? "/#{path}",
    port: text(config?.Port) ?? "#{port}",
    protocol: text(config?.Protocol) ?? "#{protocol}",
    query: text(config?.Query) ?? "#{query}",
  };
}

/** A condition of a call in Pulumi's properties. @throws AwsError where AWS would refuse it. */
export function conditionFromAws(input: Input): Condition {
  const config = (name: string) => input[name] as Input | undefined;
  switch (text(input.Field)) {
    case "host-header":
      return { hostHeader: { values: values(config("HostHeaderConfig") ?? input) } };
    case "path-pattern":
      return { pathPattern: { values: values(config("PathPatternConfig") ?? input) } };
    case "http-header":
      return { httpHeader: headerFrom(config("HttpHeaderConfig")) };
    case "http-request-method":
      return { httpRequestMethod: { values: values(config("HttpRequestMethodConfig")) } };
    case "source-ip":
      return { sourceIp: { values: values(config("SourceIpConfig")) } };
    case "query-string": {
      const pairs = structures(config("QueryStringConfig")?.Values);
      return { queryStrings: pairs.map(({ Key, Value }) => ({ key: text(Key), value: text(Value) ?? "" })) };
    }
    default:
      throw validationError(
        `Condition field '${text(input.Field) ?? ""}' must be one of '[path-pattern,host-header,http-header,` +
          "http-request-method,query-string,source-ip]'",
      );
  }
}

function headerFrom(config: Input | undefined): NonNullable<Condition["httpHeader"]> {
  const name = text(config?.HttpHeaderName);
  if (!name || name.length > LONGEST_HEADER_NAME) {
    throw validationError(
      `HTTP header name '${name ?? ""}' must have from 1 to ${LONGEST_HEADER_NAME} characters`,
    );
  }
  return { httpHeaderName: name, values: values(config) };
}

function values(config: Input | undefined): string[] {
  const found = texts(config?.Values);
  if (found.length === 0) throw validationError("A condition value must be specified");
  for (const value of found) {
    if (value.length > LONGEST_VALUE) {
      throw validationError(`Condition value '${value}' is longer than ${LONGEST_VALUE} characters`);
    }
  }
  return found;
}
