import { isObject, type CheckFailure, type Values } from "../../behaviour";
import { DATA } from "./data";
import { ELB } from "./elb";
import { atLeastOne, atMostOne, exactlyOne, fail, type Rule } from "./rule";

const recoveryWindow: Rule = ({ recoveryWindowInDays: days }) => [
  fail(
    typeof days === "number" && days !== 0 && (days < 7 || days > 30),
    "recoveryWindowInDays",
    `found ${String(days)}; allowed: 0, or 7 to 30`,
  ),
];

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  ...ELB,
  ...DATA,
  "aws:ssm/parameter:Parameter": [exactlyOne("value", "insecureValue", "valueWo")],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [exactlyOne("subnetId", "gatewayId")],
  "aws:cloudwatch/eventRule:EventRule": [atLeastOne("scheduleExpression", "eventPattern")],
  "aws:secretsmanager/secretVersion:SecretVersion": [
    atMostOne("secretString", "secretBinary", "secretStringWo"),
  ],
  "aws:secretsmanager/secret:Secret": [recoveryWindow],
  "aws:ec2/vpc:Vpc": [exactlyOne("cidrBlock", "ipv4IpamPoolId")],
};

/** AWS's limits on tags. */
const tags: Rule = ({ tags: all }) => {
  if (!isObject(all)) return [];
  const names = Object.keys(all);
  return [
    fail(names.length > 50, "tags", `found ${names.length}; allowed: at most 50`),
    ...names.flatMap((name) => {
      const value = all[name];
      const at = `tags[${JSON.stringify(name)}]`;
      return [
        fail(/^aws:/i.test(name), at, 'keys that begin with "aws:" are reserved'),
        fail(name.length > 128, at, `the key has ${name.length} characters; allowed: at most 128`),
        fail(
          typeof value === "string" && value.length > 256,
          at,
          `the value has ${String(value).length} characters; allowed: at most 256`,
        ),
      ];
    }),
  ];
};

/** Faults of a resource as a whole. Unknown values count as given and are not judged. */
export function semanticFailures(type: string, values: Values): CheckFailure[] {
  return [...(RULES[type] ?? []), tags].flatMap((rule) => rule(values)).filter((f) => f !== false);
}
