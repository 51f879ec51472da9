import assert from "node:assert/strict";
import { ENVIRONMENTS } from "../../model/environments";
import { KEY_ARN, revealed, statements, waitedFor } from "./backendsFixture";
import { RELEASE, made, rules } from "./clusterMonitoringFixture";
import { assertIncludes } from "./mocks";

const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret";
const STORE = "kubernetes:external-secrets.io/v1:SecretStore";
const MONITOR = "kubernetes:monitoring.coreos.com/v1:PodMonitor";
const RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";
const MAP = "kubernetes:core/v1:ConfigMap";
const SECRET = "kubernetes:core/v1:Secret";

const PARTS = ["monitoring-jaeger", "monitoring-cloudwatch"];

interface Spec {
  podSelector: object;
  policyTypes: string[];
  ingress?: { from: unknown[]; ports?: { port: number }[] }[];
  egress?: { to: unknown[]; ports?: { port: number }[] }[];
}

const policy = ({ mocks }: Awaited<ReturnType<typeof made>>, name: string) =>
  mocks.find(POLICY, name)["spec"] as Spec;

describe("ClusterMonitoring", () => {
  it("has Prometheus alone in dev, Grafana and Jaeger in staging, and Alertmanager as well in prod", async () => {
    const parts: unknown[] = [];
    for (const environment of ENVIRONMENTS) {
      const { mocks, values } = await made(environment);
      parts.push([
        values.grafana.enabled,
        values.alertmanager.enabled,
        mocks.names(RELEASE).includes("monitoring-jaeger"),
      ]);
    }
    assert.deepEqual(parts, [
      [false, false, false],
      [true, false, true],
      [true, true, true],
    ]);
  });

  it("is of few objects where it is basic: each costs time in every preview", async () => {
    const { mocks } = await made("dev");
    const ours = mocks.registered.filter(({ name }) => name.startsWith("monitor"));
    assert.ok(ours.length <= 14, ours.map(({ type, name }) => `${type} ${name}`).join("\n"));
  });

  it("installs charts of named versions in a namespace where pods are hardened or refused", async () => {
    const { mocks, release } = await made();
    for (const inputs of [release, ...PARTS.map((part) => mocks.find(RELEASE, part))]) {
      assert.match(inputs["version"] as string, /^\d+\.\d+\.\d+$/);
      assert.equal(inputs["namespace"], "monitoring");
    }
    assertIncludes(mocks.find("kubernetes:core/v1:Namespace", "monitoring"), {
      metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
  });

  it("runs nothing that wants the node itself, and no Job that may write webhooks", async () => {
    const { values } = await made();
    assertIncludes(values, {
      nodeExporter: { enabled: false },
      prometheusOperator: { admissionWebhooks: { enabled: false }, tls: { enabled: false } },
      grafana: { initChownData: { enabled: false }, testFramework: { enabled: false } },
    });
  });

  it("keeps series on encrypted volumes, for as long as objectives look back and the volume lasts", async () => {
    const spec = (await made("prod")).values.prometheus.prometheusSpec;
    assertIncludes(spec, {
      replicas: 2,
      retention: "31d",
      retentionSize: "85GiB",
      storageSpec: { volumeClaimTemplate: { spec: { storageClassName: "gp3-encrypted-scratch" } } },
    });
    const dev = (await made("dev")).values.prometheus.prometheusSpec;
    assertIncludes(dev, { replicas: 1, retention: "7d", retentionSize: "8GiB" });
  });

  it("limits memory and not processors, so that it is not late when there is most to see", async () => {
    const { values, mocks } = await made();
    const jaeger = mocks.find(RELEASE, "monitoring-jaeger")["values"] as Record<
      string,
      Record<string, unknown>
    >;
    const all = [
      values.prometheus.prometheusSpec["resources"],
      values.alertmanager.alertmanagerSpec?.["resources"],
      values.grafana["resources"],
      (values["kube-state-metrics"] as Record<string, unknown>)["resources"],
      (values["prometheusOperator"] as Record<string, unknown>)["resources"],
      jaeger["jaeger"]!["resources"],
    ] as { requests: object; limits: object }[];
    for (const { requests, limits } of all) {
      assert.deepEqual(Object.keys(requests), ["cpu", "memory"]);
      assert.deepEqual(Object.keys(limits), ["memory"]);
    }
  });

  it("keeps what kube-state-metrics says of other pods, and does not let it list Secrets", async () => {
    const { values } = await made();
    const stateMetrics = values["kube-state-metrics"] as { collectors: string[] };
    assertIncludes(stateMetrics, { prometheus: { monitor: { http: { honorLabels: true } } } });
    assert.ok(
      !stateMetrics.collectors.includes("secrets") && !stateMetrics.collectors.includes("configmaps"),
    );
  });

  it("scrapes services' pods with their own app, colour and version, and believes no other", async () => {
    const { mocks, options } = await made();
    assertIncludes(mocks.find(MONITOR, "monitoring-services"), {
      spec: {
        namespaceSelector: { matchNames: ["app"] },
        podTargetLabels: ["app", "colour", "version"],
        podMetricsEndpoints: [{ port: "http", path: "/metrics", honorLabels: false }],
      },
    });
    for (const [type, name] of [
      [MONITOR, "monitoring-services"],
      [RULE, "monitoring-rules"],
    ] as const) {
      assert.deepEqual(
        await waitedFor(options(type, name)),
        [`${RELEASE} monitoring`],
        "the chart defines it",
      );
    }
  });

  it("has Prometheus evaluate the rules that it is given", async () => {
    const { mocks } = await made();
    assertIncludes(mocks.find(RULE, "monitoring-rules"), { spec: { groups: rules.groups } });
  });

  it("shows dashboards as files, which Grafana mounts without a token for the cluster's API", async () => {
    const { mocks, values, options } = await made();
    const data = mocks.find(MAP, "monitoring-dashboards")["data"] as Record<string, string>;
    assert.ok(data["release.json"] && data["service-api-gateway.json"]);
    assertIncludes(values.grafana, {
      dashboardsConfigMaps: { dashboards: "dashboards" },
      automountServiceAccountToken: false,
      sidecar: { dashboards: { enabled: false }, datasources: { enabled: false } },
    });
    assert.ok((await waitedFor(options(RELEASE, "monitoring"))).includes(`${MAP} monitoring-dashboards`));
  });

  it("takes Grafana's password from Secrets Manager, where it is random and encrypted", async () => {
    const { mocks, values, options } = await made();
    const name = "app-prod-grafana";
    assert.equal(mocks.find("aws:secretsmanager/secret:Secret", name)["kmsKeyId"], KEY_ARN);
    const version = mocks.find("aws:secretsmanager/secretVersion:SecretVersion", name);
    assert.deepEqual(JSON.parse(revealed(version["secretString"])), {
      user: "admin",
      password: `password of ${name}`,
    });
    assertIncludes(mocks.find(EXTERNAL, name), {
      metadata: { name: "grafana-admin", namespace: "monitoring" },
    });
    assertIncludes(values.grafana, { admin: { existingSecret: "grafana-admin" } });
    assert.ok((await waitedFor(options(RELEASE, "monitoring"))).includes(`${EXTERNAL} ${name}`));
    assert.ok(!JSON.stringify(values).includes("password of"));
  });

  it("lets Prometheus into the services' pods and nobody else, and their spans to Jaeger and nowhere else", async () => {
    const found = await made();
    const monitored = policy(found, "monitored");
    assert.equal(monitored.ingress?.length, 1);
    assertIncludes(monitored.ingress[0], {
      from: [
        {
          podSelector: {
            matchExpressions: [
              { key: "app.kubernetes.io/name", operator: "In", values: ["prometheus", "prometheus-agent"] },
            ],
          },
        },
      ],
      ports: [{ port: 8080 }],
    });
    assert.equal(monitored.egress?.length, 1);
    assertIncludes(monitored.egress[0], {
      to: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "jaeger" } } }],
      ports: [{ port: 4317 }, { port: 4318 }],
    });
    assert.deepEqual(policy(await made("dev"), "monitored").policyTypes, ["Ingress"]);
  });

  it("lets nobody in or out of its own namespace but by a policy that says so, before a pod starts", async () => {
    const found = await made();
    assert.deepEqual(policy(found, "monitoring-deny"), {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    const before = await waitedFor(found.options(RELEASE, "monitoring"));
    for (const name of found.mocks.names(POLICY)) assert.ok(before.includes(`${POLICY} ${name}`), name);
    const outside = JSON.stringify(policy(found, "monitoring-outside"));
    assert.ok(!outside.includes("grafana") && !outside.includes("jaeger"), "these call nobody in the world");
    assert.ok(outside.includes("169.254.0.0/16"), "no pod asks for its node's credentials");
  });

  it("opens the mail server's port where mail is sent", async () => {
    const email = { to: "ops@example.com", from: "alerts@example.com", server: "smtp.example.com:587" };
    const ports = (found: Awaited<ReturnType<typeof made>>) =>
      policy(found, "monitoring-outside").egress?.flatMap(({ ports: open = [] }) =>
        open.map(({ port }) => port),
      );
    assert.deepEqual(ports(await made()), [443]);
    assert.deepEqual(ports(await made("prod", { receivers: { email } })), [443, 587]);
  });

  it("has Alertmanager read keys of receivers from the Parameter Store, as files, by a role for these alone", async () => {
    const slack = "/sluice/app/prod/alerts-slack";
    const { mocks, values } = await made("prod", { receivers: { slack } });
    const configuration = mocks.find(SECRET, "monitoring-alertmanager")["stringData"];
    const text = (revealed(configuration) as unknown as Record<string, string>)["alertmanager.yaml"]!;
    assert.match(text, /api_url_file/);
    assertIncludes(mocks.find(STORE, "monitoring-receivers"), {
      spec: { provider: { aws: { service: "ParameterStore" } } },
    });
    assertIncludes(mocks.find(EXTERNAL, "monitoring-receivers"), {
      metadata: { name: "alertmanager-receivers" },
      spec: { data: [{ secretKey: "slack", remoteRef: { key: slack } }] },
    });
    const [read] = statements(mocks.find("aws:iam/rolePolicy:RolePolicy", "monitoring-receivers")["policy"]);
    assert.deepEqual(
      [read?.Action, read?.Resource],
      [["ssm:GetParameter"], [`arn:aws:ssm:us-east-1:*:parameter${slack}`]],
    );
    assertIncludes(values.alertmanager.alertmanagerSpec, {
      useExistingSecret: true,
      configSecret: "alertmanager",
      secrets: ["alertmanager-receivers"],
    });
  });

  it("asks CloudWatch about database, cache and certificates at every level, by a role that may only read", async () => {
    const { mocks, options } = await made("dev");
    const { values } = mocks.find(RELEASE, "monitoring-cloudwatch") as {
      values: { config: string } & Record<string, unknown>;
    };
    assertIncludes(values, {
      serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": "arn:monitoring-cloudwatch" } },
      podSecurityContext: { runAsNonRoot: true },
      securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
      resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "64Mi" } },
      serviceMonitor: { enabled: true },
    });
    const { static: jobs } = JSON.parse(values.config) as { static: { name: string; regions: string[] }[] };
    assert.deepEqual(
      jobs.map(({ name, regions }) => [name, ...regions]),
      [
        ["app-dev", "us-east-1"],
        ["app-dev-001", "us-east-1"],
        ["the load balancer", "eu-west-1"],
        ["CloudFront", "us-east-1"],
      ],
    );
    const [ask, ...more] = statements(
      mocks.find("aws:iam/rolePolicy:RolePolicy", "monitoring-cloudwatch")["policy"],
    );
    assert.deepEqual([ask?.Action, more], [["cloudwatch:GetMetricStatistics", "iam:ListAccountAliases"], []]);
    const before = await waitedFor(options(RELEASE, "monitoring-cloudwatch"));
    assert.deepEqual(before, [
      `${RELEASE} monitoring`,
      "aws:iam/rolePolicy:RolePolicy monitoring-cloudwatch",
    ]);
    assert.match(JSON.stringify(mocks.find(POLICY, "monitoring-outside")), /"cloudwatch-exporter"/);
  });

  it("has Alertmanager publish to the topic that pages, by a role for it alone", async () => {
    const topic = "arn:aws:sns:us-east-1:123456789012:pages";
    const { mocks, values } = await made("prod", { receivers: { page: { sns: topic } } });
    const [publish] = statements(
      mocks.find("aws:iam/rolePolicy:RolePolicy", "monitoring-alertmanager")["policy"],
    );
    assert.deepEqual([publish?.Action, publish?.Resource], ["sns:Publish", topic]);
    assertIncludes(values.alertmanager, {
      serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": "arn:monitoring-alertmanager" } },
    });
    assert.deepEqual(
      (await made()).mocks.names("aws:iam/role:Role").includes("monitoring-alertmanager"),
      false,
    );
  });
});
