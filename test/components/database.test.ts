import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ENVIRONMENTS } from "../../model/environments";
import { INSTANCE, PASSWORD, database } from "./databaseFixture";
import { assertIncludes, known } from "./mocks";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";

describe("Database", () => {
  it("is never public, and stands in the private subnets alone", async () => {
    const { mocks } = await database();
    assertIncludes(mocks.find(INSTANCE, "shop-app-dev"), {
      publiclyAccessible: false,
      dbSubnetGroupName: "shop-app-dev",
    });
    assert.deepEqual(mocks.find("aws:rds/subnetGroup:SubnetGroup", "shop-app-dev")["subnetIds"], [
      "subnet-3",
      "subnet-4",
    ]);
  });

  it("is reached by the pods and by the rotation, on its port, and reaches nothing", async () => {
    const { mocks } = await database();
    const rules = mocks.names(INGRESS).map((name) => mocks.find(INGRESS, name));
    assert.deepEqual(rules.map((rule) => rule["referencedSecurityGroupId"]).sort(), [
      "sg-pods",
      "shop-app-dev-rotation-id",
    ]);
    for (const rule of rules) {
      assertIncludes(rule, {
        securityGroupId: "shop-app-dev-database-id",
        ipProtocol: "tcp",
        fromPort: 5432,
        toPort: 5432,
      });
      assert.equal(rule["cidrIpv4"], undefined);
    }
    const out = mocks.names(EGRESS).map((name) => mocks.find(EGRESS, name)["securityGroupId"]);
    assert.ok(!out.includes("shop-app-dev-database-id"));
    const group = mocks.find(GROUP, "shop-app-dev-database");
    assert.deepEqual([group["ingress"], group["egress"]], [undefined, undefined]);
  });

  it("refuses connections without TLS, and writes no password into its log", async () => {
    const { mocks } = await database();
    const [name, ...others] = mocks.names(PARAMETERS);
    assert.deepEqual(others, []);
    const { family, parameters } = mocks.find(PARAMETERS, name!);
    const values = Object.fromEntries(
      (parameters as { name: string; value: string }[]).map((one) => [one.name, one.value]),
    );
    assertIncludes(values, {
      "rds.force_ssl": "1",
      password_encryption: "scram-sha-256",
      log_connections: "1",
      log_statement: "none",
    });
    // A new major version needs another group: an instance still uses the old one.
    assert.equal(name, `shop-app-dev-${family as string}`);
    assertIncludes(mocks.find(INSTANCE, "shop-app-dev"), {
      parameterGroupName: name,
      engine: "postgres",
      engineVersion: (family as string).replace("postgres", ""),
      caCertIdentifier: "rds-ca-rsa2048-g1",
      iamDatabaseAuthenticationEnabled: true,
    });
  });

  it("gives its password to AWS as a secret, and does not mind who changes it afterwards", async () => {
    const { mocks, options } = await database("prod");
    assert.ok(isSecret(mocks.find(INSTANCE, "shop-app-prod")["password"]));
    assert.deepEqual(options(INSTANCE, "shop-app-prod").ignoreChanges, ["password"]);
    for (const name of mocks.names(PASSWORD)) {
      const { length, special } = mocks.find(PASSWORD, name) as { length: number; special: boolean };
      assert.ok(length >= 32);
      assert.equal(special, false);
    }
    for (const { type, name, inputs } of mocks.registered)
      assert.doesNotMatch(withoutSecrets(inputs), /password of /, `${type} ${name}`);
  });

  it("is protected as a whole in prod, but for the parameters, whose group a new version leaves behind", async () => {
    for (const environment of ENVIRONMENTS) {
      const { mocks, options } = await database(environment);
      for (const { type, name } of mocks.registered.filter(({ type }) => !type.startsWith("sluice:"))) {
        const expected = environment === "prod" && type !== PARAMETERS;
        assert.equal(options(type, name).protect ?? false, expected, `${type} ${name} in ${environment}`);
      }
    }
  });

  it("ignores no change that a setting asks for", async () => {
    const { mocks, options } = await database("prod");
    const settable = ["instanceClass", "allocatedStorage", "maxAllocatedStorage", "multiAz"];
    for (const name of mocks.names(INSTANCE))
      for (const ignored of options(INSTANCE, name).ignoreChanges ?? [])
        assert.ok(!settable.includes(ignored));
  });

  it("shows the face that others rely on", async () => {
    const { component } = await database("staging");
    assert.deepEqual(
      {
        address: await known(component.address),
        port: component.port,
        databaseName: component.databaseName,
        identifier: await known(component.identifier),
        masterSecretArn: await known(component.masterSecretArn),
        appSecretArn: await known(component.appSecretArn),
        securityGroupId: await known(component.securityGroupId),
        instance: await known(component.instance.id),
      },
      {
        address: "shop-app-staging.rds.example.com",
        port: 5432,
        databaseName: "shop_app",
        identifier: "shop-app-staging",
        masterSecretArn: "arn:shop-app-staging-database-master",
        appSecretArn: "arn:shop-app-staging-database-app",
        securityGroupId: "shop-app-staging-database-id",
        instance: "shop-app-staging-id",
      },
    );
  });
});

const isSecret = (input: unknown): boolean =>
  (input as Record<string, unknown> | undefined)?.[pulumi.runtime.specialSigKey] ===
  pulumi.runtime.specialSecretSig;

/** Inputs as text, without what is secret. */
const withoutSecrets = (inputs: object): string =>
  JSON.stringify(inputs, (_, value: unknown) => (isSecret(value) ? "[secret]" : value));
