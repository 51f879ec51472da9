/** The availability zones that a region of the local cloud has, by letter. */
const LETTERS = ["a", "b", "c"];

/** An availability zone: its name in this account, and the id that means the same in all accounts. */
export interface Zone {
  readonly name: string;
  readonly id: string;
}

/** Zones such as `us-east-1a`, with the id `use1-az1`. */
export const zonesOf = (region: string): Zone[] => LETTERS.map((letter) => zoneNamed(`${region}${letter}`));

/** @param name for example `us-east-1a` */
export function zoneNamed(name: string): Zone {
  const [area = "", direction = "", digit = ""] = name.slice(0, -1).split("-");
  const short = direction.replace(/north|south|east|west|central/g, (word) => word.charAt(0));
  return { name, id: `${area}${short}${digit}-az${name.charCodeAt(name.length - 1) - 96}` };
}
