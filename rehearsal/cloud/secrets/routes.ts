import { isObject } from "../providers/behaviour";
import type { Routes } from "../endpoint/server";
import type { World } from "../world";
import { rotate, strategyOf, type Strategy } from "./rotation";
import { secretAt } from "./versions";

const STRATEGIES: readonly unknown[] = ["alternating", "single"];

/** The control API's route by which a rehearsal has a secret rotated now, as its schedule would. */
export const secretRoutes = (world: World): Routes => ({
  "POST /_local/rotate": ({ body }) => {
    const { secret, strategy } = isObject(body) ? body : {};
    if (typeof secret !== "string" || !(strategy === undefined || STRATEGIES.includes(strategy))) {
      throw new Error(
        `/_local/rotate got ${JSON.stringify(body)}; it takes {secret: name or ARN, strategy?: "alternating" | ` +
          '"single"}; without a strategy it is that of the secret\'s rotation',
      );
    }
    const own = strategyOf(world, secretAt(world, secret)?.id ?? "");
    return rotate(world, secret, (strategy as Strategy | undefined) ?? own);
  },
});
