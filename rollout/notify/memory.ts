import { Parameters } from "../../cloud/parameters";
import { type Told, parseTold, toldParameter } from "../../model/news";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";

/** What was told, kept from one event to the next. */
export interface Memory {
  /** It never throws: whoever does not know what was told tells it again. */
  read(signal: AbortSignal): Promise<Told>;
  /** @returns what did not work, a line each */
  write(told: Told, signal: AbortSignal): Promise<string[]>;
}

/** Where the parameter cannot be used, a loop at least remembers what it told itself. */
const here = new Map<string, Told>();

/** What was told is in an SSM parameter, for ticks are processes of their own. */
export function memoryOf({ app, environment, region }: Subject): Memory {
  const name = toldParameter(app, environment);
  const parameters = new Parameters(region, 1);
  return {
    read: async (signal) => {
      try {
        return parseTold((await parameters.get(name, signal)) ?? "{}");
      } catch {
        return here.get(`${region} ${name}`) ?? {};
      }
    },
    write: async (told, signal) => {
      here.set(`${region} ${name}`, told);
      try {
        await parameters.put(name, JSON.stringify(told), signal);
        return [];
      } catch (error) {
        return [`what was told may be told again, for ${name} could not be written: ${reasonOf(error)}`];
      }
    },
  };
}
