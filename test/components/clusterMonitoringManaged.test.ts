import assert from "node:assert/strict";
import { KEY_ARN, statements } from "./backendsFixture";
import { made, rules } from "./clusterMonitoringFixture";

describe("ClusterMonitoring where AWS keeps the series", () => {
  it("forwards to AWS's Prometheus where configuration says so, which has the rules then", async () => {
    const { mocks, values } = await made("prod", { prometheus: "managed", grafana: "managed" });
    assert.equal(mocks.find("aws:amp/workspace:Workspace", "monitoring")["kmsKeyArn"], KEY_ARN);
    assert.equal(values.prometheus.agentMode, true);
    assert.equal(
      values.prometheus.serviceAccount.annotations?.["eks.amazonaws.com/role-arn"],
      "arn:monitoring-prometheus",
    );
    const [write] = statements(
      mocks.find("aws:iam/rolePolicy:RolePolicy", "monitoring-prometheus")["policy"],
    );
    assert.deepEqual([write?.Action, write?.Resource], ["aps:RemoteWrite", "arn:monitoring"]);
    const { data } = mocks.find("aws:amp/ruleGroupNamespace:RuleGroupNamespace", "monitoring");
    assert.deepEqual(JSON.parse(data as string), rules);
    assert.deepEqual(mocks.names("kubernetes:monitoring.coreos.com/v1:PrometheusRule"), []);
    assert.deepEqual([values.grafana.enabled, values.alertmanager.enabled], [false, false]);
    assert.deepEqual(mocks.names("aws:grafana/workspace:Workspace"), ["monitoring"]);
    assert.deepEqual(mocks.names("random:index/randomPassword:RandomPassword"), []);
  });

  it("has AWS's Alertmanager tell the topic that pages, the only receiver that it knows", async () => {
    const sns = "arn:aws:sns:us-east-1:123456789012:pages";
    const managed = { prometheus: "managed", grafana: "managed" } as const;
    const definitions = ({ mocks }: Awaited<ReturnType<typeof made>>) =>
      mocks.names("aws:amp/alertManagerDefinition:AlertManagerDefinition");
    const receivers = { slack: "/sluice/app/prod/alerts-slack" };
    assert.deepEqual(definitions(await made("prod", { ...managed, receivers })), []);
    const found = await made("prod", { ...managed, receivers: { ...receivers, page: { sns } } });
    assert.deepEqual(definitions(found), ["monitoring"]);
    const { definition } = found.mocks.find(
      "aws:amp/alertManagerDefinition:AlertManagerDefinition",
      "monitoring",
    );
    const { alertmanager_config: config } = JSON.parse(definition as string) as {
      alertmanager_config: string;
    };
    assert.ok(config.includes(sns) && !config.includes("slack"));
  });
});
