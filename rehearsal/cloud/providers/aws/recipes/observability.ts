import { CloudError } from "../../../faults";
import { capitals, textOf, type Making, type Recipe } from "../recipe";
import { byName, satellite, uuid } from "./common";

const groupOf = (m: Making): string => m.text("groupName") || "default";

/** Logs, their delivery, metrics, alarms and events. */
export const OBSERVABILITY: Readonly<Record<string, Recipe>> = {
  "aws:cloudwatch/logGroup:LogGroup": byName("CloudWatch Logs", "LogGroup", {
    code: "ResourceAlreadyExistsException",
    outputs: (m) => ({ arn: m.arn("logs", `log-group:${m.text("name")}`), logGroupClass: "STANDARD" }),
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    ...byName("CloudWatch", "MetricAlarm", {
      outputs: (m) => ({ arn: m.arn("cloudwatch", `alarm:${m.text("name")}`) }),
    }),
    operations: ["PutMetricAlarm", "PutMetricAlarm", "DeleteAlarms"],
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    ...byName("CloudWatch", "Dashboard", { property: "dashboardName" }),
    operations: ["PutDashboard", "PutDashboard", "DeleteDashboards"],
    make: (m) => ({
      id: m.text("dashboardName"),
      outputs: {
        dashboardArn: `arn:${m.scope.partition}:cloudwatch::${m.scope.account}:dashboard/${m.text("dashboardName")}`,
      },
    }),
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    ...byName("CloudWatch", "CompositeAlarm", {
      property: "alarmName",
      outputs: (m) => ({ arn: m.arn("cloudwatch", `alarm:${m.text("alarmName")}`) }),
    }),
    operations: ["PutCompositeAlarm", "PutCompositeAlarm", "DeleteAlarms"],
  },
  "aws:cloudwatch/eventRule:EventRule": {
    ...byName("EventBridge", "Rule", {
      outputs: (m) => ({ arn: m.arn("events", `rule/${m.text("name")}`) }),
    }),
    operations: ["PutRule", "PutRule", "DeleteRule"],
    refuseDelete: ({ id, properties }, world) => {
      const held = world
        .all("aws:cloudwatch/eventTarget:EventTarget")
        .some((target) => target.properties.rule === id);
      if (!held || properties.forceDestroy === true) return;
      throw new CloudError("ValidationException", "Rule can't be deleted since it has targets.");
    },
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    ...satellite("EventBridge", ["PutTargets", "PutTargets", "RemoveTargets"], () => ""),
    make: (m) => {
      const targetId = m.text("targetId") || `terraform-${uuid()}`;
      return { id: `${m.text("rule")}-${targetId}`, outputs: { targetId } };
    },
    refuseWrite: (m) => {
      if (m.world.get("aws:cloudwatch/eventRule:EventRule", m.text("rule"))) return;
      throw new CloudError(
        "ResourceNotFoundException",
        `Rule ${m.text("rule")} does not exist on EventBus default.`,
      );
    },
  },
  /** Accepted and kept; a rehearsal ends long before a schedule is due. */
  "aws:scheduler/schedule:Schedule": {
    ...byName("EventBridge Scheduler", "Schedule", {}),
    make: (m) => {
      const id = `${groupOf(m)}/${m.text("name")}`;
      return { id, outputs: { arn: m.arn("scheduler", `schedule/${id}`), groupName: groupOf(m) } };
    },
    identity: {
      by: ["groupName", "name"],
      code: "ConflictException",
      message: (v) => `Schedule ${textOf(v.name)} already exists.`,
    },
  },
  "aws:cloudwatch/logDelivery:LogDelivery": {
    ...byName("CloudWatch Logs", "Delivery", {}),
    operations: ["CreateDelivery", "UpdateDeliveryConfiguration", "DeleteDelivery"],
    make: (m) => {
      const id = capitals(16);
      return { id, outputs: { arn: m.arn("logs", `delivery:${id}`) } };
    },
  },
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": byName(
    "CloudWatch Logs",
    "DeliveryDestination",
    {
      code: "ConflictException",
      outputs: (m) => ({
        arn: m.arn("logs", `delivery-destination:${m.text("name")}`),
        deliveryDestinationType: "S3",
      }),
    },
  ),
  "aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy": satellite(
    "CloudWatch Logs",
    ["PutDeliveryDestinationPolicy", "PutDeliveryDestinationPolicy", "DeleteDeliveryDestinationPolicy"],
    (m) => m.text("deliveryDestinationName"),
  ),
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": byName("CloudWatch Logs", "DeliverySource", {
    code: "ConflictException",
    outputs: (m) => ({
      arn: m.arn("logs", `delivery-source:${m.text("name")}`),
      service: m.text("resourceArn").split(":")[2] ?? "",
    }),
  }),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    ...byName("CloudWatch Logs", "MetricFilter", {}),
    operations: ["PutMetricFilter", "PutMetricFilter", "DeleteMetricFilter"],
    refuseWrite: (m) => {
      if (m.world.get("aws:cloudwatch/logGroup:LogGroup", m.text("logGroupName"))) return;
      throw new CloudError("ResourceNotFoundException", "The specified log group does not exist.");
    },
  },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {
    ...byName("CloudWatch Logs", "ResourcePolicy", { property: "policyName" }),
    operations: ["PutResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"],
  },
  "aws:cloudwatch/queryDefinition:QueryDefinition": {
    ...byName("CloudWatch Logs", "QueryDefinition", {}),
    operations: ["PutQueryDefinition", "PutQueryDefinition", "DeleteQueryDefinition"],
    make: (m) => {
      const id = uuid();
      return { id, outputs: { queryDefinitionId: id, arn: m.arn("logs", `query-definition:${id}`) } };
    },
  },
  "aws:route53/healthCheck:HealthCheck": {
    ...byName("Route 53", "HealthCheck", {}),
    notFound: "NoSuchHealthCheck",
    make: (m) => {
      const id = uuid();
      return { id, outputs: { arn: `arn:${m.scope.partition}:route53:::healthcheck/${id}` } };
    },
  },
  "aws:rds/eventSubscription:EventSubscription": {
    ...byName("RDS", "EventSubscription", {
      code: "SubscriptionAlreadyExist",
      outputs: (m) => ({ arn: m.arn("rds", `es:${m.text("name")}`), customerAwsId: m.scope.account }),
    }),
    operations: ["CreateEventSubscription", "ModifyEventSubscription", "DeleteEventSubscription"],
  },
};
