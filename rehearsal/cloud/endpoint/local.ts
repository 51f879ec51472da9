import type { Fault, Faults } from "../faults";
import type { World } from "../world";

/** A request of the rehearsal's own control API. */
export interface LocalRequest {
  readonly query: URLSearchParams;
  /** The JSON that was sent; undefined without a body. */
  readonly body: unknown;
}

/** Handlers by method and path, for example `GET /_local/listeners`; what one returns is answered as JSON. */
export type Routes = Readonly<Record<string, (request: LocalRequest) => unknown>>;

/** What whoever plays the users looks at: the cloud itself sends none. */
export interface Users {
  /** Whether all stay away. */
  away: boolean;
}

const ACTIONS: readonly unknown[] = ["create", "update", "delete", "api"];

/** The control API's own routes: faults to inject, whether users come, and a look at the world. */
export const localRoutes = (world: World, faults: Faults, users: Users = { away: false }): Routes => ({
  "POST /_local/faults": ({ body }) => {
    faults.add(faultFrom(body));
    return { added: true };
  },
  "DELETE /_local/faults": () => {
    faults.clear();
    return { cleared: true };
  },
  "GET /_local/users": () => users,
  "POST /_local/users": ({ body }) => {
    users.away = usersFrom(body).away;
    return users;
  },
  /** Of the type that `?type=` names, for example aws:lb/listenerRule:ListenerRule; without it all there is. */
  "GET /_local/world": ({ query }) => {
    const type = query.get("type");
    return (type ? world.all(type) : world.everything()).map((held) => ({
      ...held,
      targets: world.targets(held.id),
    }));
  },
});

function faultFrom(body: unknown): Fault {
  const fault = body as Fault | undefined;
  const complete =
    ACTIONS.includes(fault?.action) &&
    typeof fault?.type === "string" &&
    typeof fault.name === "string" &&
    typeof (fault.error as Fault["error"] | undefined)?.code === "string" &&
    typeof fault.error.message === "string";
  if (!complete) {
    throw new Error(
      `/_local/faults got ${JSON.stringify(body)}; it takes {action: create|update|delete|api, type, name, ` +
        "error: {code, message}, times?}",
    );
  }
  return fault;
}

function usersFrom(body: unknown): Users {
  const users = body as Users | undefined;
  if (typeof users?.away === "boolean") return users;
  throw new Error(`/_local/users got ${JSON.stringify(body)}; it takes {away: boolean}`);
}
