import { createHash } from "node:crypto";
import { type Action, type Condition, forwardOf, type ListenerRule } from "../../balancer/resources";

/** Structures of AWS's API, and Pulumi's properties that say the same. */

/** An action as AWS answers it: a forward to one group has the short form beside the long one. */
export function actionToAws(action: Action): object {
  const forward = forwardOf(action);
  const groups = forward?.targetGroups ?? [];
  const { fixedResponse, redirect } = action;
  return {
    Type: action.type,
    Order: action.order,
    TargetGroupArn: groups.length === 1 ? groups[0]?.arn : undefined,
    ForwardConfig: forward && {
      TargetGroups: groups.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight ?? 1 })),
      TargetGroupStickinessConfig: {
        Enabled: forward.stickiness?.enabled ?? false,
        DurationSeconds: forward.stickiness?.duration || undefined,
      },
    },
    FixedResponseConfig: fixedResponse && {
      MessageBody: fixedResponse.messageBody,
      StatusCode: fixedResponse.statusCode,
      ContentType: fixedResponse.contentType,
    },
    RedirectConfig: redirect && {
      Protocol: redirect.protocol ?? "#{protocol}",
      Port: redirect.port ?? "#{port}",
      Host: redirect.host ?? "#{host}",
      Path: redirect.path ?? "/#{path}",
      Query: redirect.query ?? "#{query}",
      StatusCode: redirect.statusCode,
    },
  };
}

/** A condition as AWS answers it. */
export function conditionToAws(condition: Condition): object {
  const { hostHeader, pathPattern, httpHeader, httpRequestMethod, queryStrings, sourceIp } = condition;
  if (hostHeader) {
    const Values = hostHeader.values;
    return { Field: "host-header", Values, HostHeaderConfig: { Values } };
  }
  if (pathPattern) {
    const Values = pathPattern.values;
    return { Field: "path-pattern", Values, PathPatternConfig: { Values } };
  }
  if (httpHeader) {
    const config = { HttpHeaderName: httpHeader.httpHeaderName, Values: httpHeader.values };
    return { Field: "http-header", HttpHeaderConfig: config };
  }
  if (httpRequestMethod) {
    return { Field: "http-request-method", HttpRequestMethodConfig: { Values: httpRequestMethod.values } };
  }
  if (queryStrings) {
    const Values = queryStrings.map(({ key, value }) => ({ Key: key, Value: value }));
    return { Field: "query-string", QueryStringConfig: { Values } };
  }
  return { Field: "source-ip", SourceIpConfig: { Values: sourceIp?.values } };
}

/** A rule as AWS answers it. */
export const ruleToAws = (rule: ListenerRule): object => ({
  RuleArn: rule.arn,
  Priority: String(rule.priority),
  Conditions: rule.conditions.map(conditionToAws),
  Actions: rule.actions.map(actionToAws),
  IsDefault: false,
});

/** The ARN of a listener's default rule, which Pulumi has no resource for. */
export const defaultRuleArn = (listenerArn: string): string =>
  `${listenerArn.replace(":listener/", ":listener-rule/")}/` +
  createHash("sha256").update(listenerArn).digest("hex").slice(0, 16);
