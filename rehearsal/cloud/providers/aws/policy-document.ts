import { isObject, type Value, type Values } from "../behaviour";
import { objects, texts, textOf } from "./recipe";

/** A policy as `aws.iam.getPolicyDocument` renders it. */
export function policyDocument(args: Values): string {
  const sources = [...texts(args.sourcePolicyDocuments), ...given(args.sourceJson)];
  const overrides = [...texts(args.overridePolicyDocuments), ...given(args.overrideJson)];
  const statements = [
    ...sources.flatMap(statementsOf),
    ...objects(args.statements).map(statement),
    ...overrides.flatMap(statementsOf),
  ];
  const document = {
    Version: textOf(args.version) || "2012-10-17",
    ...(args.policyId !== undefined && { Id: args.policyId }),
    Statement: lastBySid(statements),
  };
  return JSON.stringify(document, undefined, 2);
}

const given = (json: Value | undefined): string[] => (typeof json === "string" && json !== "" ? [json] : []);

function statementsOf(json: string): Values[] {
  const { Statement } = JSON.parse(json) as { Statement?: Value };
  return Array.isArray(Statement) ? objects(Statement) : isObject(Statement) ? [Statement] : [];
}

/** A later statement takes the place of an earlier one with the same Sid. */
function lastBySid(statements: Values[]): Values[] {
  const kept: Values[] = [];
  for (const one of statements) {
    const same = kept.findIndex(({ Sid }) => Sid !== undefined && Sid !== "" && Sid === one.Sid);
    if (same >= 0) kept[same] = one;
    else kept.push(one);
  }
  return kept;
}

function statement(args: Values): Values {
  return {
    ...(args.sid !== undefined && { Sid: args.sid }),
    Effect: textOf(args.effect) || "Allow",
    ...list("Action", args.actions),
    ...list("NotAction", args.notActions),
    ...list("Resource", args.resources),
    ...list("NotResource", args.notResources),
    ...principals("Principal", args.principals),
    ...principals("NotPrincipal", args.notPrincipals),
    ...conditions(args.conditions),
  };
}

/** One item stands alone, several are sorted: so AWS's own documents look. */
function one(items: string[]): Value {
  return items.length === 1 ? items[0]! : [...items].sort();
}

function list(name: string, value: Value | undefined): Values {
  const items = texts(value);
  return items.length === 0 ? {} : { [name]: one(items) };
}

function principals(name: string, value: Value | undefined): Values {
  const all = objects(value);
  if (all.length === 0) return {};
  if (all.some(({ type, identifiers }) => type === "*" && texts(identifiers).includes("*")))
    return { [name]: "*" };
  const byType: Record<string, string[]> = {};
  for (const { type, identifiers } of all) (byType[textOf(type)] ??= []).push(...texts(identifiers));
  return { [name]: Object.fromEntries(Object.entries(byType).map(([type, items]) => [type, one(items)])) };
}

function conditions(value: Value | undefined): Values {
  const all = objects(value);
  if (all.length === 0) return {};
  const byTest: Record<string, Values> = {};
  for (const { test, variable, values } of all) {
    (byTest[textOf(test)] ??= {})[textOf(variable)] = one(texts(values));
  }
  return { Condition: byTest };
}
