import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../../model/environments";
import { flagAlarms } from "../../../model/flags/alarms";
import { AUDIO_PROCESSOR, type Flag } from "../../../model/flags/flag";
import { dashboardBody } from "../../../model/monitoring/cloudwatch/dashboard";
import { flagDashboard } from "../../../model/monitoring/cloudwatch/flagDashboard";
import { flagQueries } from "../../../model/monitoring/cloudwatch/queries";
import { flagAlarmPrefix } from "../../../model/names";
import { metricAlarm } from "./alarm";
import type { Topics } from "./topics";

export interface FlagMonitoringArgs {
  app: string;
  environment: Environment;
  region: string;
  flags: Readonly<Record<string, Flag>>;
  /** Who hears of its alarms. Absent: nobody; they take the flag back all the same. */
  topics: Topics | undefined;
}

/** Alarms, dashboard and queries of each flag that is watched by alarms of its own. */
export function flagMonitoring(args: FlagMonitoringArgs, opts: pulumi.CustomResourceOptions): void {
  const { app, environment, region, topics } = args;
  const stack = `${app}-${environment}`;
  for (const [flag, { alarms, lambda = AUDIO_PROCESSOR }] of Object.entries(args.flags)) {
    const prefix = flagAlarmPrefix(app, environment, flag);
    const own = flagAlarms(lambda).filter(({ name }) => alarms.some((one) => one.name === prefix + name));
    if (own.length === 0) continue;
    for (const alarm of own) {
      const told = topics ? [topics[alarm.severity].arn] : [];
      metricAlarm(alarm, { name: `${flag}-${alarm.name}`, prefix, told, places: {} }, opts);
    }
    const { name, panels } = flagDashboard(flag, lambda);
    new aws.cloudwatch.Dashboard(
      `${stack}-${name}`,
      { dashboardName: `${stack}-${name}`, dashboardBody: dashboardBody({ panels }, region) },
      opts,
    );
    for (const { name: called, query } of flagQueries) {
      new aws.cloudwatch.QueryDefinition(
        `${stack}-${flag}-${called.replaceAll(" ", "-")}`,
        { name: `${stack}/${flag}/${called}`, logGroupNames: [`/aws/lambda/${lambda}`], queryString: query },
        opts,
      );
    }
  }
}
