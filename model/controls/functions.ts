import {
  type Control,
  type Inapplicable,
  type Properties,
  type Unmet,
  controlsOf,
  isGiven,
  isOneOf,
  put,
} from "./control";
import { absent } from "./others";

const { property, each } = controlsOf("FSBP", "S4");

/** Runtimes that AWS still mends, of those that a function of ours could have. */
const RUNTIMES = ["nodejs22.x", "nodejs24.x"];

/** Whether it says for whom the principal may call: any account could let a service of AWS's call otherwise. */
const isBound = ({ sourceArn, sourceAccount }: Properties): boolean =>
  isGiven(sourceArn) || isGiven(sourceAccount);

/** Lambda, in the order of its numbers. */
export const FUNCTIONS: readonly (Control | Inapplicable | Unmet)[] = [
  each({
    id: "Lambda.1",
    title: "Lambda function policies should prohibit public access",
    severity: "critical",
    types: ["aws:lambda/permission:Permission"],
    fault: (inputs) => {
      const principal = inputs["principal"];
      if (principal === "*") return "found principal *; allowed: a named one";
      const isService = typeof principal === "string" && principal.endsWith(".amazonaws.com");
      return isService && !isBound(inputs)
        ? `found ${principal} without sourceArn or sourceAccount; allowed: one of them`
        : undefined;
    },
    flip: (inputs) => put(inputs, "principal", "*"),
  }),
  property({
    id: "Lambda.2",
    title: "Lambda functions should use supported runtimes",
    severity: "medium",
    types: ["aws:lambda/function:Function"],
    at: "runtime",
    allowed: RUNTIMES.join(", "),
    ok: isOneOf(RUNTIMES),
    broken: "nodejs18.x",
  }),
  ...absent("FSBP", [], "the one function of the stack's own is in no VPC: it asks AWS's APIs alone", [
    ["Lambda.5", "medium", "VPC Lambda functions should operate in multiple Availability Zones"],
  ]),
];
