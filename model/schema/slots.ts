import { slotOf } from "../priorities";
import { type PublicAddress, routeOf } from "../services";
import { type Fault, format, set } from "./faults";

type Addressed = readonly [name: string, address: PublicAddress];

/** Two rules cannot have one priority, and a rule for `/api` before one for `/api/v2` leaves that nothing. */
export const slotFaults = (world: readonly Addressed[], domain: string | undefined): Fault[] =>
  world.flatMap((one, index) => [
    ...taken(one, world.slice(0, index)),
    ...world.flatMap((other) => hidden(one, other, domain)),
  ]);

const placeOf = ([name, { slot }]: Addressed): number => slot ?? slotOf(name);

function taken(one: Addressed, others: readonly Addressed[]): Fault[] {
  const place = placeOf(one);
  const other = others.find((each) => placeOf(each) === place);
  if (!other) return [];
  return [fault(one, `a slot of its own; ${other[0]} has ${place}`, place > 0 ? place - 1 : place + 1)];
}

function hidden(one: Addressed, other: Addressed, domain: string | undefined): Fault[] {
  const [inner, outer] = [routeOf(one[1], domain), routeOf(other[1], domain)];
  if (!inner || !outer || !("path" in inner) || !("path" in outer)) return [];
  const place = placeOf(other);
  if (!inner.path.startsWith(`${outer.path}/`) || placeOf(one) <= place) return [];
  return [
    fault(one, `a slot below ${place}, because ${other[0]} has all of ${outer.path}`, Math.max(0, place - 1)),
  ];
}

function fault(one: Addressed, allowed: string, better: number): Fault {
  const path = ["services", one[0], "public", "slot"] as const;
  return { path: format(path), found: placeOf(one), allowed, remedy: set(path, better) };
}
