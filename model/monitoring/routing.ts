import type { EmailReceiver, Monitoring, PageReceiver, Receivers } from "./monitoring";

/** The Secret in the cluster that holds what receivers need and nobody may read, by the names of {@link secretFiles}. */
export const RECEIVER_SECRET = "alertmanager-receivers";

/** Where Alertmanager finds it: the operator mounts Secrets there by name. */
const FOLDER = `/etc/alertmanager/secrets/${RECEIVER_SECRET}`;

/** Files of the Secret, each with the SSM parameter that it is read from. */
export function secretFiles({ slack, email, page }: Receivers): Readonly<Record<string, string>> {
  const files = {
    slack,
    "smtp-password": email?.password,
    pagerduty: page?.pagerduty,
    opsgenie: page?.opsgenie,
  };
  return Object.fromEntries(
    Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Labels by which alerts are sent together: what a version of a colour of a service does is one message. */
export const GROUPED_BY = ["namespace", "app", "colour", "version"] as const;

/** A page silences warnings about the same of the same colour; what has no such label has none in both. */
const SAME = ["environment", "about", ...GROUPED_BY] as const;

const SUBJECT = "{{ .CommonLabels.severity }}: {{ with index .Alerts 0 }}{{ .Annotations.summary }}{{ end }}";
const BODY =
  "{{ range .Alerts }}{{ .Status }}: {{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ end }}";

/**
 * Alertmanager's configuration, for version 0.25 and later. It holds no secret: they stand in files of
 * {@link RECEIVER_SECRET}.
 *
 * Pages go to `page` and warnings to `warning`. Where nobody is named for the one, the other gets it, for an alert must
 * never wake nobody because of a missing key; where nobody is named at all, `unreached` says so.
 */
export const alertmanagerConfig = ({ receivers }: Pick<Monitoring, "receivers">) => {
  const page = receivers.page ? pageConfigs(receivers.page) : {};
  const warning = warningConfigs(receivers);
  const isEmpty = (configs: object) => Object.keys(configs).length === 0;
  return {
    global: { resolve_timeout: "5m" },
    route: {
      receiver: "nobody",
      group_by: [...GROUPED_BY],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "4h",
      routes: [
        { receiver: "page", matchers: ['severity="critical"'], group_wait: "10s", repeat_interval: "1h" },
        { receiver: "warning", matchers: ['severity="warning"'], repeat_interval: "12h" },
      ],
    },
    inhibit_rules: [
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity="warning"'],
        equal: [...SAME],
      },
    ],
    receivers: [
      { name: "nobody" },
      { name: "page", ...(isEmpty(page) ? warning : page) },
      { name: "warning", ...(isEmpty(warning) ? page : warning) },
    ],
  };
};

export type AlertmanagerConfig = ReturnType<typeof alertmanagerConfig>;

/** Whom alerts cannot reach, a sentence each without a full stop; none where both kinds have receivers of their own. */
export function unreached({ slack, email, page }: Receivers): string[] {
  const hasPage = Object.keys(page ?? {}).length > 0;
  const hasWarning = slack !== undefined || email !== undefined;
  if (!hasPage && !hasWarning) return ["alerts are sent to nobody: set sluice:monitoring.receivers"];
  if (!hasPage)
    return ["nobody is paged, and pages are sent as warnings are: set sluice:monitoring.receivers.page"];
  return hasWarning
    ? []
    : ["warnings page, since nobody else is named: set sluice:monitoring.receivers.slack, or .email"];
}

function pageConfigs({ pagerduty, opsgenie, sns }: PageReceiver) {
  return {
    ...(pagerduty !== undefined && {
      pagerduty_configs: [
        {
          routing_key_file: `${FOLDER}/pagerduty`,
          severity: "critical",
          description: SUBJECT,
          details: { alerts: BODY },
        },
      ],
    }),
    ...(opsgenie !== undefined && {
      opsgenie_configs: [
        { api_key_file: `${FOLDER}/opsgenie`, priority: "P1", message: SUBJECT, description: BODY },
      ],
    }),
    ...(sns !== undefined && {
      sns_configs: [
        {
          topic_arn: sns,
          // The topic's own; the role is that of Alertmanager's service account.
          sigv4: { region: sns.split(":")[3] ?? "" },
          subject: "{{ .CommonLabels.severity }} {{ .CommonLabels.environment }} {{ .CommonLabels.app }}",
          message: BODY,
        },
      ],
    }),
  };
}

function warningConfigs({ slack, email }: Receivers) {
  return {
    ...(slack !== undefined && {
      slack_configs: [{ api_url_file: `${FOLDER}/slack`, send_resolved: true, title: SUBJECT, text: BODY }],
    }),
    ...(email && { email_configs: [emailConfig(email)] }),
  };
}

const emailConfig = ({ to, from, server, user }: EmailReceiver) => ({
  to,
  from,
  smarthost: server,
  require_tls: true,
  send_resolved: true,
  headers: { Subject: SUBJECT },
  text: BODY,
  ...(user !== undefined && { auth_username: user, auth_password_file: `${FOLDER}/smtp-password` }),
});
