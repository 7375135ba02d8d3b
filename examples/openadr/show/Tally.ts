import type { AgentError, Output } from 'rx-agent-kit';
import type { Setback } from '../ven/insist';
import type { Message } from '../ven/protocol/message';
import type { OadrReport } from '../ven/protocol/report';
import { isGood } from '../ven/protocol/response';
import { placeOf, plainly } from './plainly';

interface Load {
  readonly kilowatts: number;
  readonly demand: number;
}

/** Counts what there is to say at the end: what the VEN knows, whatever VTN it is with. */
export class Tally {
  private polls = 0;
  private reports = 0;
  private values = 0;
  /** Why a report waits. */
  private waiting: string | undefined;
  private readonly optedIn = new Set<string>();
  private readonly problems = new Map<string, { message: string; times: number }>();
  private loads = 0;
  private used = 0;
  private asked = 0;

  /** @param rated the power that a demand of 1 stands for, in kW */
  constructor(private readonly rated: number) {}

  add({ agent, stream, value }: Output): void {
    const name = `${agent}.${stream}`;
    if (name === 'ven.polls$') this.polls++;
    else if (name === 'ven.setbacks$') this.setBack(value as Setback);
    else if (name === 'ven.reports$') this.report(value as OadrReport);
    else if (name === 'ven.responses$') this.answer(value as Message<'oadrCreatedEvent'>);
    else if (name === 'meter.load$') this.meter(value as Load);
  }

  /** Of the errors of a stream the last one is told, and how many there were. */
  fail(error: AgentError): void {
    const where = `${error.agent ?? 'host'}: ${placeOf(error)}`;
    const times = this.problems.get(where)?.times ?? 0;
    this.problems.set(where, { message: plainly(error), times: times + 1 });
  }

  lines(): readonly string[] {
    const average = (sum: number): string => `${(sum / Math.max(this.loads, 1)).toFixed(2)} kW`;
    return [
      ...[...this.problems].map(
        ([where, { message, times }]) =>
          `${where} has failed ${times === 1 ? 'once' : `${times} times, the last time`}: ${message}`,
      ),
      ...(this.waiting === undefined ? [] : [`a report has not been taken yet: ${this.waiting}`]),
      `${this.polls} polls, ${this.optedIn.size} events opted in, ${this.reports} reports sent, ${this.values} values accepted by the VTN`,
      `the site used ${average(this.used)} on average, of ${average(this.asked)} that it would have used unlimited`,
    ];
  }

  private answer({ body: { eventResponses } }: Message<'oadrCreatedEvent'>): void {
    for (const response of eventResponses?.list ?? [])
      if (response.opt === 'optIn' && isGood(response)) this.optedIn.add(response.qualifiedEventId.eventId);
  }

  private setBack({ what, error }: Setback): void {
    if (what === 'report') this.waiting = error.message;
  }

  private report({ intervals }: OadrReport): void {
    this.waiting = undefined;
    this.reports++;
    this.values += (intervals?.list ?? []).flatMap(({ payloads }) => payloads).length;
  }

  private meter({ kilowatts, demand }: Load): void {
    this.loads++;
    this.used += kilowatts;
    this.asked += demand * this.rated;
  }
}
