import { nowIso } from "../../../../../cloud/clock";
import type { Value, Values } from "../../behaviour";
import { capitals, decimals, textOf, type Making, type Recipe } from "../recipe";

const exists = (noun: string) => (v: Values) => `${noun} with name ${textOf(v.name)} already exists.`;

/** IAM is global: its ARNs name no region. */
const arn = (m: Making, resource: string): string =>
  `arn:${m.scope.partition}:iam::${m.scope.account}:${resource}`;

function iam(noun: string, more: Omit<Recipe, "service" | "operations">): Recipe {
  return {
    service: "IAM",
    operations: [`Create${noun}`, `Update${noun}`, `Delete${noun}`],
    notFound: "NoSuchEntity",
    ...more,
  };
}

const path = (m: Making): string => m.text("path") || "/";

/** The role's name, also where a program passes its ARN. */
const roleName = (value: Value | undefined): string => textOf(value).split("/").pop() ?? "";

export const IAM: Readonly<Record<string, Recipe>> = {
  "aws:iam/role:Role": iam("Role", {
    make: (m) => ({
      id: m.text("name"),
      outputs: {
        arn: arn(m, `role${path(m)}${m.text("name")}`),
        uniqueId: `AROA${capitals(17)}`,
        createDate: nowIso(),
      },
    }),
    identity: { by: ["name"], code: "EntityAlreadyExists", message: exists("Role") },
  }),
  "aws:iam/policy:Policy": iam("Policy", {
    make: (m) => {
      const id = arn(m, `policy${path(m)}${m.text("name")}`);
      return { id, outputs: { arn: id, policyId: `ANPA${capitals(17)}`, attachmentCount: 0 } };
    },
    identity: {
      by: ["name"],
      code: "EntityAlreadyExists",
      message: (v) => `A policy called ${textOf(v.name)} already exists. Duplicate names are not allowed.`,
    },
  }),
  "aws:iam/rolePolicy:RolePolicy": {
    ...iam("RolePolicy", { make: (m) => ({ id: `${roleName(m.inputs.role)}:${m.text("name")}` }) }),
    operations: ["PutRolePolicy", "PutRolePolicy", "DeleteRolePolicy"],
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    ...iam("", { make: (m) => ({ id: `${roleName(m.inputs.role)}/${m.text("policyArn")}` }) }),
    operations: ["AttachRolePolicy", "AttachRolePolicy", "DetachRolePolicy"],
  },
  "aws:iam/instanceProfile:InstanceProfile": iam("InstanceProfile", {
    make: (m) => ({
      id: m.text("name"),
      outputs: {
        arn: arn(m, `instance-profile${path(m)}${m.text("name")}`),
        uniqueId: `AIPA${capitals(17)}`,
        createDate: nowIso(),
      },
    }),
    identity: { by: ["name"], code: "EntityAlreadyExists", message: exists("Instance Profile") },
  }),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": iam("OpenIDConnectProvider", {
    make: (m) => {
      const id = arn(m, `oidc-provider/${m.text("url").replace(/^https:\/\//, "")}`);
      return { id, outputs: { arn: id, thumbprintLists: [decimals(40)] } };
    },
    identity: {
      by: ["url"],
      code: "EntityAlreadyExists",
      message: (v) => `Provider with url ${textOf(v.url)} already exists.`,
    },
  }),
};
