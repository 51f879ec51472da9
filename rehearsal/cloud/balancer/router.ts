import type { IncomingMessage } from "node:http";
import type { Target, World } from "../world";
import { Counts } from "./counts";
import { chooseGroup, eligible, unknownIn } from "./forward";
import type { Measurements } from "./measurements";
import { errorReply, fixedReply, redirectReply, type Reply } from "./replies";
import { type Action, forwardOf, type Listener, rulesOf, TARGET_GROUP } from "./resources";
import { type Picked, type RequestFacts, routingTable } from "./rules";
import { GroupCookies } from "./stickiness";

/** Where a request goes: to a target, or back with the load balancer's own reply. */
export type Route =
  | { readonly target: Target; readonly groupArn: string; readonly cookie?: string }
  | { readonly reply: Reply; readonly groupArn?: string };

/** Routes requests by the rules as the world has them at that moment. */
export class Router {
  readonly #tables = new Map<string, (request: RequestFacts) => Picked>();
  readonly #turns = new Map<string, number>();
  readonly #cookies = new GroupCookies();
  readonly counts = new Counts();

  constructor(
    private readonly world: World,
    readonly measurements: Measurements,
    private readonly random: () => number = Math.random,
  ) {}

  /** Forgets what was read of the rules; to be called whenever a rule or a listener changed. */
  rulesChanged(): void {
    this.#tables.clear();
  }

  /** Decides where a request goes, and counts it. */
  route(request: IncomingMessage, listener: Listener): Route {
    const facts = factsOf(request);
    let picked: Picked;
    try {
      picked = this.#table(listener)(facts);
    } catch (error) {
      return { reply: errorReply(500, (error as Error).message) };
    }
    const [action] = [...picked.actions].sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
    if (!action) return { reply: errorReply(503, `${listener.arn} has no action for this request`) };
    if (action.fixedResponse) return { reply: fixedReply(action.fixedResponse) };
    if (action.redirect) return { reply: redirectReply(action.redirect, facts, listener) };
    return this.#forward(action, request.headers.cookie, listener);
  }

  #forward(action: Action, cookieHeader: string | undefined, listener: Listener): Route {
    const forward = forwardOf(action);
    if (!forward) {
      return { reply: errorReply(500, `The local load balancer has no action of the type ${action.type}`) };
    }
    const remembered = forward.stickiness?.enabled
      ? this.#cookies.boundTo(
          cookieHeader,
          forward.targetGroups.map((group) => group.arn),
        )
      : undefined;
    const choice = chooseGroup(forward, remembered, this.random());
    if (!choice) return { reply: errorReply(503) };
    const { groupArn, sticky, bindSeconds } = choice;
    const unknown = unknownIn(this.world.get(TARGET_GROUP, groupArn)?.properties ?? {});
    if (unknown)
      return { reply: errorReply(500, `The local load balancer does not know ${unknown}: ${groupArn}`) };
    this.counts.chosen(groupArn, sticky);
    const target = this.#nextTarget(groupArn);
    if (!target) return { reply: errorReply(503), groupArn };
    this.measurements.sent(groupArn, listener.loadBalancerArn);
    return { target, groupArn, cookie: bindSeconds ? this.#cookies.bind(groupArn, bindSeconds) : undefined };
  }

  /** Round robin, as the ALB does by default. */
  #nextTarget(groupArn: string): Target | undefined {
    const targets = eligible(this.world.targets(groupArn));
    const turn = this.#turns.get(groupArn) ?? 0;
    this.#turns.set(groupArn, turn + 1);
    return targets[turn % targets.length];
  }

  #table(listener: Listener): (request: RequestFacts) => Picked {
    let table = this.#tables.get(listener.arn);
    if (!table) {
      table = routingTable(rulesOf(this.world, listener.arn), listener.defaultActions);
      this.#tables.set(listener.arn, table);
    }
    return table;
  }
}

function factsOf(request: IncomingMessage): RequestFacts {
  const [path = "/", query = ""] = splitOnce(request.url ?? "/", "?");
  return {
    method: request.method ?? "GET",
    host: (request.headers.host ?? "").replace(/:\d+$/, ""),
    path,
    query: new URLSearchParams(query),
    headers: request.headersDistinct,
    sourceIp: request.socket.remoteAddress ?? "",
  };
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
