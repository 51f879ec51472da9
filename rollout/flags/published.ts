import { Parameters } from "../../cloud/parameters";
import { flagsParameter, parsePublished } from "../../model/flags/published";
import type { Seen } from "../../model/rollout/seen";
import { seen } from "../seen";
import type { Subject } from "../subject";

/** The flags with alarms that the last update left, by name: what is known of them without configuration and state. */
export const publishedNames = ({ app, environment, region }: Subject): Promise<Seen<string[]>> =>
  seen(
    new Parameters(region)
      .get(flagsParameter(app, environment))
      .then((text) => (text === undefined ? [] : Object.keys(parsePublished(text)))),
  );
