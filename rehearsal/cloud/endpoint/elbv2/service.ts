import { describeListeners, describeLoadBalancers, describeRules, describeTargetGroups } from "./describe";
import { describeTargetHealth } from "./health";
import { modifyRule } from "./modify";
import { describeTags } from "./tags";
import { named, type Service } from "../service";

/** Elastic Load Balancing v2: what a rollout asks of a load balancer. */
export const elbv2: Service = {
  name: "elasticloadbalancing",
  protocol: {
    kind: "query",
    version: "2015-12-01",
    namespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
  },
  actions: {
    DescribeLoadBalancers: { resource: named("LoadBalancerArns", "Names"), respond: describeLoadBalancers },
    DescribeListeners: { resource: named("LoadBalancerArn", "ListenerArns"), respond: describeListeners },
    DescribeRules: { resource: named("ListenerArn", "RuleArns"), respond: describeRules },
    DescribeTargetGroups: {
      resource: named("LoadBalancerArn", "TargetGroupArns", "Names"),
      respond: describeTargetGroups,
    },
    DescribeTargetHealth: { resource: named("TargetGroupArn"), respond: describeTargetHealth },
    DescribeTags: { resource: named("ResourceArns"), respond: describeTags },
    ModifyRule: { resource: named("RuleArn"), respond: modifyRule },
  },
};
