import { BlockList, isIP } from "node:net";
import type { Action, Condition, ListenerRule } from "./resources";

/** What a rule may ask of a request. */
export interface RequestFacts {
  readonly method: string;
  /** The Host header, without its port. */
  readonly host: string;
  /** The path as it was sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The values of a header by its lower-case name, one for each time that it was sent. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly sourceIp: string;
}

/** The actions for a request, and the rule that they came from; none for the default actions. */
export interface Picked {
  readonly ruleArn?: string;
  readonly actions: readonly Action[];
}

type Test = (request: RequestFacts) => boolean;

/**
 * Reads a listener's rules once and gives a function that picks for a request the first rule, by
 * priority, whose conditions all hold, and otherwise the default actions.
 *
 * @throws Error when a condition is of a kind that this load balancer doesn't know.
 */
export function routingTable(
  rules: readonly ListenerRule[],
  defaultActions: readonly Action[],
): (request: RequestFacts) => Picked {
  const table = [...rules]
    .sort((a, b) => a.priority - b.priority)
    .map((rule) => ({
      tests: rule.conditions.map((condition) => testOf(condition, rule.arn)),
      picked: { ruleArn: rule.arn, actions: rule.actions },
    }));
  const otherwise = { actions: defaultActions };
  return (request) => table.find(({ tests }) => tests.every((test) => test(request)))?.picked ?? otherwise;
}

function testOf(condition: Condition, ruleArn: string): Test {
  const { hostHeader, pathPattern, httpHeader, httpRequestMethod, queryStrings, sourceIp } = condition;
  if (hostHeader?.values) {
    const matches = anyOf(hostHeader.values, "i");
    return (request) => matches(request.host);
  }
  if (pathPattern?.values) {
    const matches = anyOf(pathPattern.values, "");
    return (request) => matches(request.path);
  }
  if (httpHeader?.values) {
    const name = httpHeader.httpHeaderName.toLowerCase();
    const matches = anyOf(httpHeader.values, "i");
    return (request) => request.headers[name]?.some(matches) ?? false;
  }
  if (httpRequestMethod) return (request) => httpRequestMethod.values.includes(request.method);
  if (queryStrings) return queryTest(queryStrings);
  if (sourceIp?.values) return addressTest(sourceIp.values);
  throw new Error(
    `${ruleArn}: the condition ${JSON.stringify(condition)} is not known to the local load balancer; it knows ` +
      "values of hostHeader, pathPattern, httpHeader, httpRequestMethod, queryStrings and sourceIp",
  );
}

/** A query condition holds when any one of its pairs is found in the query; a pair may leave out the key. */
function queryTest(pairs: NonNullable<Condition["queryStrings"]>): Test {
  const tests = pairs.map(({ key, value }) => {
    const keyMatches = key === undefined ? () => true : anyOf([key], "i");
    const valueMatches = anyOf([value], "i");
    return (query: URLSearchParams) => [...query].some(([k, v]) => keyMatches(k) && valueMatches(v));
  });
  return (request) => tests.some((test) => test(request.query));
}

function addressTest(ranges: readonly string[]): Test {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    list.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
  }
  return ({ sourceIp }) => list.check(sourceIp, isIP(sourceIp) === 6 ? "ipv6" : "ipv4");
}

/** Whether a text matches any of the patterns: `*` is any text, `?` any one character, `\` takes the next literally. */
function anyOf(patterns: readonly string[], flags: "" | "i"): (text: string) => boolean {
  const sources = patterns.map((pattern) =>
    pattern.replace(/\\([*?\\])|[*?]|[.+^${}()|[\]\\]/g, (found, escaped: string | undefined) => {
      if (escaped !== undefined) return `\\${escaped}`;
      if (found === "*") return ".*";
      return found === "?" ? "." : `\\${found}`;
    }),
  );
  const expression = new RegExp(`^(?:${sources.join("|")})$`, `s${flags}`);
  return (text) => expression.test(text);
}
