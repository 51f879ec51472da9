import type { Values } from "../providers/behaviour";
import type { Held, World } from "../world";

/** Records what a controller found, and tells the world only when that is news. */
export function setStatus(world: World, held: Held, status: Values): void {
  if (JSON.stringify(held.properties.status) === JSON.stringify(status)) return;
  held.properties = { ...held.properties, status };
  world.put(held);
}
