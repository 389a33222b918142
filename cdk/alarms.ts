import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { rules } from './alarm-rules.ts'
import { AlarmTopic } from './alarm-topic.ts'
import type { Watched } from './metrics.ts'

/** The alarms of a stage, all told to one topic. */
export class Alarms extends Construct {
  readonly topic: ITopic
  readonly all: readonly Alarm[]

  constructor(scope: Construct, id: string, watched: Watched, encryptionKey: IKey | undefined) {
    super(scope, id)
    this.topic = new AlarmTopic(this, 'Topic', encryptionKey)
    const action = new SnsAction(this.topic)
    this.all = rules(watched).map(
      ({ id, metric, from, periods = 1, of = periods, description }) => {
        const alarm = new Alarm(this, id, {
          // What a person reads in the message that wakes them.
          alarmName: `${watched.stage}-${id}`,
          metric,
          threshold: from,
          evaluationPeriods: of,
          datapointsToAlarm: periods,
          comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          // No data is no traffic, or nothing that went wrong: whoever sleeps then may sleep on.
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
