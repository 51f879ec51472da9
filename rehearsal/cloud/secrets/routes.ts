import { randomUUID } from "node:crypto";
import { ACCOUNT } from "../account";
import { capitals } from "../providers/aws/recipe";
import { isObject } from "../providers/behaviour";
import type { Routes } from "../endpoint/server";
import type { World } from "../world";
import { rotate, strategyOf, type Strategy } from "./rotation";
import { SECRET, SECRET_VERSION } from "./tokens";
import { putVersion, secretAt, versionsOf } from "./versions";

const STRATEGIES: readonly unknown[] = ["alternating", "single"];

/** The region and account in which a secret is that somebody puts there by hand. */
const PLACE = `us-east-1:${ACCOUNT}`;

/** The control API's routes by which a secret is rotated now, as its schedule would, and by which people put one there. */
export const secretRoutes = (world: World): Routes => ({
  /** As `aws secretsmanager create-secret` and `put-secret-value` do. */
  "POST /_local/secret": ({ body }) => {
    const { name, value } = isObject(body) ? body : {};
    if (typeof name !== "string" || typeof value !== "string") {
      throw new Error("/_local/secret takes {name, value}, both texts");
    }
    const [region = ""] = PLACE.split(":");
    const arn = secretAt(world, name)?.id ?? `arn:aws:secretsmanager:${PLACE}:secret:${name}-${capitals(6)}`;
    if (!secretAt(world, name)) {
      const properties = { name, arn, region, recoveryWindowInDays: 0 };
      world.put({ type: SECRET, id: arn, properties });
    }
    const versionId = randomUUID();
    const properties = { secretId: arn, secretString: value, versionId, versionStages: ["AWSCURRENT"] };
    const held = { type: SECRET_VERSION, id: `${arn}|${versionId}`, properties };
    world.put(held);
    putVersion(world, held);
    return { arn, versionId };
  },
  /** As `aws secretsmanager delete-secret --force-delete-without-recovery` does. */
  "DELETE /_local/secret": ({ query }) => {
    const held = secretAt(world, query.get("name") ?? "");
    if (!held) throw new Error(`/_local/secret: there is no secret ${String(query.get("name"))}`);
    for (const version of versionsOf(world, held.id)) world.remove(SECRET_VERSION, version.id);
    world.remove(SECRET, held.id);
    return { deleted: held.id };
  },
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
