import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { StageSettings } from '../settings/settings.ts'
import { rules } from './alarm-rules.ts'
import { AlarmTopic } from './alarm-topic.ts'
import type { MonitoredResources } from './metrics.ts'

export type AlarmsProps = {
  readonly monitored: MonitoredResources
  readonly settings: StageSettings['alarms']
  /** Topic of the team. Default: the one in the settings, or else a new topic. */
  readonly topic?: ITopic | undefined
  /** KMS key of a new topic. Default: a dedicated key. */
  readonly encryptionKey?: IKey | undefined
}

/** The alarms of a stage. All notify one topic. */
export class Alarms extends Construct {
  /** Undefined when alarms are disabled. */
  readonly topic: ITopic | undefined
  readonly all: readonly Alarm[]

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id)
    const { monitored, settings, encryptionKey } = props
    if (!settings.enabled) {
      this.all = []
      return
    }
    const topic =
      props.topic ??
      (settings.topic === undefined
        ? new AlarmTopic(this, 'Topic', { encryptionKey })
        : Topic.fromTopicArn(this, 'OwnTopic', settings.topic))
    const action = new SnsAction(topic)
    this.topic = topic
    this.all = rules(monitored, settings).map(
      ({ id, metric, threshold, periods = 1, evaluationPeriods = periods, description }) => {
        const alarm = new Alarm(this, id, {
          // The name is what the on-call operator sees in the notification.
          alarmName: `${monitored.stage}-${id}`,
          metric,
          threshold,
          evaluationPeriods,
          datapointsToAlarm: periods,
          comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          // Missing data means no traffic or no errors, so it must not alert anyone.
          treatMissingData: TreatMissingData.NOT_BREACHING,
          alarmDescription: description,
        })
        alarm.addAlarmAction(action)
        alarm.addOkAction(action)
        return alarm
      },
    )
  }
}
