import { judge } from "../../../model/transition";

type Asked = Parameters<typeof judge>[0];

/** What one rule says, but for its sentences. */
export const told = (asked: Asked, id: string) =>
  judge(asked)
    .filter((violation) => violation.id === id)
    .map(({ where, found, limit, remedy }) => ({ where, found, limit, remedy }));

/** The sentences of a rule's first violation. */
export const message = (asked: Asked, id: string): string =>
  judge(asked).find((violation) => violation.id === id)!.message;

/** The commands that give green this share and blue the rest, in this order of colours. */
export const give = (green: number): string =>
  `pulumi config set --path 'sluice:release.traffic.green' ${green} && ` +
  `pulumi config set --path 'sluice:release.traffic.blue' ${100 - green}`;
