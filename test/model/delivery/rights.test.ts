import assert from "node:assert/strict";
import { BOUNDARY } from "../../../model/delivery/deployRights";
import { MANAGED, rightsOf } from "../../../model/delivery/rights";
import type { RightsOf } from "../../../model/delivery/stateRights";
import type { Statement } from "../../../model/delivery/statement";
import type { DeliveryRole } from "../../../model/delivery/subjects";
import type { Environment } from "../../../model/environments";
import { stackTags } from "../../../model/names";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/state";
const DATA_KEY = "arn:aws:kms:us-east-1:123456789012:key/data";
const ABOUT: RightsOf = {
  ...{ app: "app", environment: "prod", project: "sluice", stack: "prod" },
  ...{ stateBucket: "state", stateKey: KEY, dataKey: DATA_KEY },
};

/** One call to AWS. */
interface Call {
  readonly action: string;
  readonly on?: string;
  readonly with?: Readonly<Record<string, string>>;
}

const like = (patterns: readonly string[], value: string): boolean =>
  patterns.some((pattern) =>
    new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`).test(value),
  );

const applies = (statement: Statement, { action, on = "*", with: context = {} }: Call): boolean =>
  like(statement.Action, action) &&
  (statement.Resource === undefined || like(statement.Resource, on)) &&
  (statement.NotResource === undefined || !like(statement.NotResource, on)) &&
  Object.entries(statement.Condition?.["StringEquals"] ?? {}).every(([key, values]) =>
    values.includes(context[key] ?? ""),
  ) &&
  Object.entries(statement.Condition?.["StringLike"] ?? {}).every(([key, values]) =>
    like(values, context[key] ?? ""),
  );

/** What AWS's PowerUserAccess gives beside: everything but these. */
const powerUser = ({ action }: Call): boolean => !/^(iam|organizations|account):/.test(action);

/** As IAM decides: a Deny outweighs every Allow, and without one nothing is permitted. */
function may(role: DeliveryRole, call: Call, about: RightsOf = ABOUT): boolean {
  const told = rightsOf(role, about).filter((statement) => applies(statement, call));
  if (told.some(({ Effect }) => Effect === "Deny")) return false;
  return told.length > 0 || (MANAGED[role].includes("PowerUserAccess") && powerUser(call));
}

const object = (path: string) => `arn:aws:s3:::state/.pulumi/${path}`;
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
/** What a secret of the program is called: the engine chooses. */
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:app-prod-database-master-1a2b3c4-AbCdEf";
/** As everything of a stack is tagged. */
const tagged = (app: string, environment: Environment) =>
  Object.fromEntries(
    Object.entries(stackTags(app, environment)).map(([tag, value]) => [`aws:ResourceTag/${tag}`, value]),
  );
const BOUND = { "iam:PermissionsBoundary": BOUNDARY };

describe("what a stack's roles may do", () => {
  it("is with the preview's and the drift's to look alone", () => {
    for (const one of ["preview", "drift"] as const)
      for (const { Effect, Action } of rightsOf(one, ABOUT))
        if (Effect === "Allow")
          for (const action of Action) assert.match(action, /^[\w-]+:(?:Get|List|Describe|Decrypt)/, action);
  });

  it("reads this stack's state, and none that lies beside it", () => {
    for (const one of ["preview", "drift", "deploy"] as const) {
      for (const own of ["stacks/sluice/prod.json", "history/sluice/prod/prod-1.json", "meta.yaml"])
        assert.ok(may(one, { action: "s3:GetObject", on: object(own) }), `${one} ${own}`);
    }
    for (const one of ["preview", "drift"] as const) {
      for (const other of [
        "stacks/sluice/dev.json",
        "stacks/sluice/prod-eu.json",
        "history/other/prod/x.json",
      ])
        assert.ok(!may(one, { action: "s3:GetObject", on: object(other) }), `${one} ${other}`);
      assert.ok(!may(one, { action: "s3:PutObject", on: object("stacks/sluice/prod.json") }));
    }
    const locks = object("locks/organization/sluice/prod/1.json");
    for (const action of ["s3:PutObject", "s3:DeleteObject"]) assert.ok(may("deploy", { action, on: locks }));
  });

  it("is nothing with data for what a pull request brings, whatever AWS adds to its own policies", () => {
    assert.deepEqual(MANAGED.preview, []);
    for (const [action, on] of [
      ["s3:GetObject", "arn:aws:s3:::app-prod-access-logs/1.gz"],
      ["ssm:GetParameter", "arn:aws:ssm:us-east-1:123456789012:parameter/other/password"],
      ["dynamodb:GetItem", "*"],
      ["sqs:ReceiveMessage", "*"],
      ["athena:GetQueryResults", "*"],
      ["logs:GetLogEvents", "*"],
    ] as const)
      assert.ok(!may("preview", { action, on }), action);
    const secret = { action: "secretsmanager:GetSecretValue", on: SECRET, with: tagged("app", "prod") };
    assert.ok(!may("preview", secret));
    const published = "arn:aws:ssm:us-east-1:123456789012:parameter/sluice/app/staging/release";
    assert.ok(may("preview", { action: "ssm:GetParameter", on: published }));
  });

  it("reads with the drift's the secrets of the stack, whatever they are called, and no other's", () => {
    const value = (context?: Record<string, string>) =>
      may("drift", {
        ...{ action: "secretsmanager:GetSecretValue", on: SECRET, ...(context && { with: context }) },
      });
    const opened = (service: string, on = DATA_KEY) =>
      may("drift", {
        ...{ action: "kms:Decrypt", on },
        with: { "kms:ViaService": `${service}.us-east-1.amazonaws.com` },
      });
    assert.ok(value(tagged("app", "prod")) && opened("secretsmanager"));
    assert.ok(!value(tagged("app", "dev")) && !value(tagged("other", "prod")) && !value());
    // It encrypts volumes and logs as well.
    assert.ok(!opened("ec2") && !may("drift", { action: "kms:Decrypt", on: DATA_KEY }));
    assert.ok(!opened("secretsmanager", "arn:aws:kms:us-east-1:123456789012:key/other"));
  });

  it("takes no other key than the state's, which would open secrets among parameters", () => {
    const decrypt = (about: RightsOf) =>
      rightsOf("preview", about).some(
        (statement) =>
          statement.Effect === "Deny" &&
          applies(statement, { action: "kms:Decrypt", on: "arn:aws:kms:us-east-1:123456789012:key/ssm" }),
      );
    const { stateKey: _, ...keyless } = ABOUT;
    assert.ok(decrypt(ABOUT) && decrypt(keyless));
    assert.ok(may("preview", { action: "kms:Decrypt", on: KEY }));
    assert.ok(!may("preview", { action: "kms:Decrypt", on: KEY }, keyless));
  });

  it("denies the drift all objects where the state is kept elsewhere", () => {
    const { stateBucket: _, ...elsewhere } = ABOUT;
    const denials = rightsOf("drift", elsewhere).filter(({ Effect }) => Effect === "Deny");
    assert.ok(denials.some((one) => applies(one, { action: "s3:GetObject", on: object("meta.yaml") })));
    assert.ok(!may("preview", { action: "s3:GetObject", on: object("meta.yaml") }, elsewhere));
  });

  it("makes roles within the boundary, and none without", () => {
    for (const action of [
      ...["iam:CreateRole", "iam:PutRolePermissionsBoundary"],
      ...["iam:PutRolePolicy", "iam:AttachRolePolicy"],
    ]) {
      assert.ok(may("deploy", { action, on: role("watch-1234567"), with: BOUND }), action);
      assert.ok(!may("deploy", { action, on: role("watch-1234567") }), action);
      const other = { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" };
      assert.ok(!may("deploy", { action, on: role("watch-1234567"), with: other }), action);
    }
    for (const action of [
      ...["iam:DeleteRolePermissionsBoundary", "iam:UpdateAssumeRolePolicy"],
      ...["iam:CreatePolicyVersion", "iam:CreateUser", "iam:CreateAccessKey", "sts:AssumeRole"],
    ])
      assert.ok(!may("deploy", { action, on: role("admin"), with: BOUND }), action);
  });

  it("gives no role to CloudFormation, whose roles make everything", () => {
    const pass = (service: string) =>
      may("deploy", {
        ...{ action: "iam:PassRole", on: role("x"), with: { "iam:PassedToService": service } },
      });
    assert.ok(pass("lambda.amazonaws.com") && pass("eks.amazonaws.com"));
    assert.ok(!pass("cloudformation.amazonaws.com"));
  });

  it("leaves CI's own roles as they are, those of the app's other environments too", () => {
    for (const name of ["app-prod-deploy", "app-dev-preview", "app-staging-drift"])
      for (const action of [
        ...["iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:AttachRolePolicy", "iam:DetachRolePolicy"],
        ...["iam:DeleteRole", "iam:UpdateRole", "iam:TagRole", "iam:PutRolePermissionsBoundary"],
      ])
        assert.ok(!may("deploy", { action, on: role(name), with: BOUND }), `${action} ${name}`);
  });
});
