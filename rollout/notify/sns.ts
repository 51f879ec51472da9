import type { Publication } from "../../cloud/topics";
import type { Announcement } from "./text";

/** SNS: characters of a subject. */
const LONGEST = 100;

/** Signs of ours that ASCII has another way to write. */
const ASCII: Readonly<Record<string, string>> = { "→": "->", "–": "-", "—": "-", "…": "...", "’": "'" };

/** As subjects of SNS have to be: printable ASCII that begins with a letter, a digit or a punctuation mark. */
export function subjectLine(title: string): string {
  const plain = title
    .replace(/[^ -~]/gu, (sign) => ASCII[sign] ?? "?")
    .replace(/ +/g, " ")
    .trim();
  const cut = plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST - 3).trimEnd()}...`;
  return cut === "" ? "sluice" : cut;
}

/** What subscribers of a topic get: an e-mail reads it as it is. */
export const publicationOf = ({ title, lines, foot, attributes }: Announcement): Publication => ({
  subject: subjectLine(title),
  message: [title, "", ...lines.map((line) => `- ${line}`), ...(lines.length > 0 ? [""] : []), foot].join(
    "\n",
  ),
  attributes,
});

/** The region that a topic's ARN names. */
export const regionOf = (topic: string): string => topic.split(":")[3] ?? "";
