import assert from "node:assert/strict";
import { UNKNOWN } from "../../rehearsal/cloud/providers/behaviour";
import {
  binding,
  deployment,
  DEPLOYMENT,
  JOB,
  SERVICE,
  service,
  TARGET_GROUP_BINDING,
  template,
  testCluster,
} from "./cluster-fixture";

const CRON_JOB = "kubernetes:batch/v1:CronJob";
const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const PDB = "kubernetes:policy/v1:PodDisruptionBudget";

describe("the local API server's checks", () => {
  const cluster = testCluster();
  after(() => cluster.controllers.close());

  const labels = { app: "api", colour: "blue" };
  const withContainer = (container: object, spec?: object) =>
    deployment({ template: template(labels, container, spec) });
  const paths = (type: string, news: object): string[] =>
    cluster.check(type, news).failures.map(({ property }) => property);

  it("accept a good Deployment, Service, binding and Job", () => {
    assert.deepEqual(paths(DEPLOYMENT, deployment()), []);
    assert.deepEqual(paths(SERVICE, service()), []);
    assert.deepEqual(paths(TARGET_GROUP_BINDING, binding()), []);
    assert.deepEqual(
      paths(JOB, { spec: { template: template(labels, {}, { restartPolicy: "Never" }) } }),
      [],
    );
  });

  const container = "spec.template.spec.containers[0]";
  const refused: [what: string, type: string, news: object, path: string, reason: RegExp][] = [
    ["an unknown field", DEPLOYMENT, deployment({ replcas: 1 }), "spec.replcas", /did you mean replicas/],
    [
      "an unknown nested field",
      DEPLOYMENT,
      withContainer({ imagePullPolcy: "Always" }),
      `${container}.imagePullPolcy`,
      /did you mean imagePullPolicy/,
    ],
    ["a missing selector", DEPLOYMENT, deployment({ selector: undefined }), "spec.selector", /required/],
    ["an empty selector", DEPLOYMENT, deployment({ selector: {} }), "spec.selector", /empty selector/],
    ["a missing template", DEPLOYMENT, deployment({ template: undefined }), "spec.template", /required/],
    [
      "a container without an image",
      DEPLOYMENT,
      withContainer({ image: undefined }),
      `${container}.image`,
      /required/,
    ],
    [
      "a container without a name",
      DEPLOYMENT,
      withContainer({ name: undefined }),
      `${container}.name`,
      /required/,
    ],
    [
      "a selector that does not match the labels",
      DEPLOYMENT,
      deployment({ selector: { matchLabels: { app: "other" } } }),
      "spec.template.metadata.labels",
      /selector {"app":"other"}/,
    ],
    [
      "a number where a text belongs",
      DEPLOYMENT,
      withContainer({ env: [{ name: "PORT", value: 80 }] }),
      `${container}.env[0].value`,
      /found 80, expected a string/,
    ],
    [
      "a value outside an enumeration",
      DEPLOYMENT,
      withContainer({ imagePullPolicy: "Sometimes" }),
      `${container}.imagePullPolicy`,
      /Always, IfNotPresent, Never/,
    ],
    [
      "a bad quantity",
      DEPLOYMENT,
      withContainer({ resources: { limits: { memory: "512MB" } } }),
      `${container}.resources.limits.memory`,
      /quantities/,
    ],
    [
      "a request above its limit",
      DEPLOYMENT,
      withContainer({ resources: { limits: { memory: "512Mi" }, requests: { memory: "513Mi" } } }),
      `${container}.resources.requests.memory`,
      /less than or equal/,
    ],
    [
      "a port out of range",
      DEPLOYMENT,
      withContainer({ ports: [{ containerPort: 65536 }] }),
      `${container}.ports[0].containerPort`,
      /1-65535/,
    ],
    [
      "a probe without a handler",
      DEPLOYMENT,
      withContainer({ readinessProbe: { periodSeconds: 5 } }),
      `${container}.readinessProbe`,
      /exactly one of/,
    ],
    [
      "a mount without its volume",
      DEPLOYMENT,
      withContainer({ volumeMounts: [{ name: "data", mountPath: "/data" }] }),
      `${container}.volumeMounts[0].name`,
      /no such volume/,
    ],
    [
      "a preStop sleep beyond the grace period",
      DEPLOYMENT,
      withContainer(
        { lifecycle: { preStop: { sleep: { seconds: 31 } } } },
        { terminationGracePeriodSeconds: 30 },
      ),
      `${container}.lifecycle.preStop.sleep.seconds`,
      /not be greater than/,
    ],
    [
      "a restart policy that a Deployment does not have",
      DEPLOYMENT,
      withContainer({}, { restartPolicy: "Never" }),
      "spec.template.spec.restartPolicy",
      /allowed here is Always/,
    ],
    ["a negative number of replicas", DEPLOYMENT, deployment({ replicas: -1 }), "spec.replicas", /from 0/],
    [
      "a name that is none",
      DEPLOYMENT,
      { ...deployment(), metadata: { name: "Api_1" } },
      "metadata.name",
      /RFC 1123/,
    ],
    [
      "a label value that is none",
      DEPLOYMENT,
      { ...deployment(), metadata: { labels: { version: "1 0" } } },
      'metadata.labels["version"]',
      /found "1 0"/,
    ],
    [
      "a Job without a restart policy",
      JOB,
      { spec: { template: template(labels) } },
      "spec.template.spec.restartPolicy",
      /OnFailure, Never/,
    ],
    [
      "a Job that restarts always",
      JOB,
      { spec: { template: template(labels, {}, { restartPolicy: "Always" }) } },
      "spec.template.spec.restartPolicy",
      /found "Always"/,
    ],
    [
      "a CronJob with four fields",
      CRON_JOB,
      {
        spec: {
          schedule: "* * * *",
          jobTemplate: { spec: { template: template(labels, {}, { restartPolicy: "Never" }) } },
        },
      },
      "spec.schedule",
      /five cron fields/,
    ],
    [
      "a Service whose name starts with a digit",
      SERVICE,
      { ...service(), metadata: { name: "1api" } },
      "metadata.name",
      /DNS-1035/,
    ],
    [
      "a Service port out of range",
      SERVICE,
      { spec: { ports: [{ port: 0 }] } },
      "spec.ports[0].port",
      /1-65535/,
    ],
    [
      "two Service ports without names",
      SERVICE,
      { spec: { ports: [{ port: 80 }, { port: 81, name: "b" }] } },
      "spec.ports[0].name",
      /more than one port/,
    ],
    ["a Service without ports", SERVICE, { spec: { selector: labels } }, "spec.ports", /required/],
    [
      "an autoscaler whose maximum is below its minimum",
      HPA,
      { spec: { minReplicas: 3, maxReplicas: 2, scaleTargetRef: { kind: "Deployment", name: "api" } } },
      "spec.maxReplicas",
      /greater than or equal to minReplicas, which is 3/,
    ],
    [
      "a budget with both bounds",
      PDB,
      { spec: { minAvailable: 1, maxUnavailable: 1 } },
      "spec.maxUnavailable",
      /both/,
    ],
    [
      "a binding without a target group",
      TARGET_GROUP_BINDING,
      { spec: { serviceRef: { name: "api", port: 80 } } },
      "spec.targetGroupARN",
      /required/,
    ],
    [
      "a binding to something else",
      TARGET_GROUP_BINDING,
      binding("arn:aws:s3:::bucket"),
      "spec.targetGroupARN",
      /ARN of a target group/,
    ],
    [
      "a binding with a misspelt field",
      TARGET_GROUP_BINDING,
      { spec: { ...binding().spec, targetGroupArn: "x" } },
      "spec.targetGroupArn",
      /did you mean targetGroupARN/,
    ],
  ];
  for (const [what, type, news, path, reason] of refused) {
    it(`refuse ${what}, and nothing else of it`, () => {
      const { failures } = cluster.check(type, news);
      assert.deepEqual(
        failures.map(({ property }) => property),
        [path],
      );
      assert.match(failures[0]!.reason, reason);
    });
  }

  it("report all faults of an object at once", () => {
    const broken = withContainer({
      image: "",
      ports: [{ containerPort: 0 }],
      env: [{ name: "A=B", value: "" }],
    });
    assert.equal(paths(DEPLOYMENT, broken).length, 3);
  });

  it("accept unknown values anywhere", () => {
    assert.deepEqual(paths(DEPLOYMENT, { spec: UNKNOWN }), []);
    assert.deepEqual(paths(DEPLOYMENT, { ...deployment(), metadata: UNKNOWN }), []);
    assert.deepEqual(
      paths(DEPLOYMENT, deployment({ replicas: UNKNOWN, selector: { matchLabels: UNKNOWN } })),
      [],
    );
    assert.deepEqual(paths(DEPLOYMENT, deployment({ template: { metadata: UNKNOWN, spec: UNKNOWN } })), []);
    assert.deepEqual(paths(DEPLOYMENT, withContainer({ image: UNKNOWN, env: [UNKNOWN] })), []);
    assert.deepEqual(paths(TARGET_GROUP_BINDING, binding(UNKNOWN as unknown as string)), []);
  });

  it("refuse a kind that the cluster does not have, and name those that it has", () => {
    const [failure] = cluster.check("kubernetes:apps/v1beta1:Deployment", {}).failures;
    assert.match(
      failure!.reason,
      /no matches for kind Deployment of kubernetes:apps\/v1beta1:Deployment.*TargetGroupBinding/,
    );
  });
});
