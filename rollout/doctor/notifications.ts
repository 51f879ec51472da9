import { type Finding, ok, refusal, warn } from "../../model/doctor";
import type { Notifications } from "../../model/notifications";
import { putWebhook, tryOut } from "../notify/send";
import type { Subject } from "../subject";
import type { Check } from "./check";

/** Whether those who are to be told of a release can be, a line each; nobody is sent anything. */
export const notificationChecks = ({ slack, sns }: Notifications, subject: Subject): Check[] => [
  ...(slack === undefined ? [] : [{ name: "Slack", look: slackFinding(slack, subject) }]),
  ...(sns === undefined ? [] : [{ name: "SNS", look: Promise.resolve(ok(`${sns}, which shows in use`)) }]),
];

/** It is a warning at most: no command fails where nobody can be told. */
async function slackFinding(slack: string, subject: Subject): Promise<Finding> {
  const remark = (await tryOut({ slack }, subject)).join("; ");
  if (remark === "") return ok(`the webhook in ${slack} takes messages`);
  const make = putWebhook(slack);
  const [text = remark, command] = remark.split(`: ${make}`);
  return warn(text, command === undefined ? refusal(text, ["ssm:GetParameter"]).mend : make);
}
