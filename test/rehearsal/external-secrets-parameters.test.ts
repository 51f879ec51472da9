import assert from "node:assert/strict";
import { SECRET } from "../../rehearsal/cloud/cluster/tokens";
import { type TestCluster, testCluster } from "./cluster-fixture";
import { EXTERNAL_SECRET, make, store } from "./secrets-fixture";

const NAME = "/sluice/app/prod/slack";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const SECRET_STORE = "kubernetes:external-secrets.io/v1:SecretStore";

describe("the External Secrets Operator with a store of parameters", () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = testCluster();
    await store(cluster, []);
    const auth = { jwt: { serviceAccountRef: { name: "reader" } } };
    await cluster.create(SECRET_STORE, "parameters", {
      metadata: { annotations: { "pulumi.com/waitFor": "condition=Ready" } },
      spec: { provider: { aws: { service: "ParameterStore", region: "us-east-1", auth } } },
    });
  });
  afterEach(() => cluster.controllers.close());

  const permit = (Resource: string) =>
    make(cluster.world, ROLE_POLICY, "parameters", {
      role: "reader",
      policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: ["ssm:GetParameter"], Resource }] }),
    });
  const put = (value: string) =>
    make(cluster.world, "aws:ssm/parameter:Parameter", "slack", { name: NAME, type: "SecureString", value });
  const asked = () =>
    cluster.create(
      EXTERNAL_SECRET,
      "receivers",
      {
        metadata: { annotations: { "pulumi.com/waitFor": "condition=Ready" } },
        spec: {
          refreshInterval: "10s",
          secretStoreRef: { name: "parameters" },
          target: { name: "receivers", template: { data: { slack: "{{ .slack }}" } } },
          data: [{ secretKey: "slack", remoteRef: { key: NAME } }],
        },
      },
      { timeoutSeconds: 0.5 },
    );

  it("reads a parameter by its name, by a role for it", async () => {
    await permit(`arn:aws:ssm:us-east-1:*:parameter${NAME}`);
    await put("https://hooks.example.com/1");
    await asked();
    const { data } = cluster.world.get(SECRET, "default/receivers")!.properties as {
      data: Record<string, string>;
    };
    assert.equal(Buffer.from(data["slack"]!, "base64").toString(), "https://hooks.example.com/1");
  });

  it("is not ready where nobody has put the parameter there, and says which", async () => {
    await permit("*");
    await assert.rejects(asked(), /there is no parameter \/sluice\/app\/prod\/slack/);
  });

  it("reads with the rights of its service account only", async () => {
    await put("https://hooks.example.com/1");
    await permit("arn:aws:ssm:us-east-1:*:parameter/sluice/app/prod/other");
    await assert.rejects(asked(), /reader is not authorized to perform: ssm:GetParameter/);
  });
});
