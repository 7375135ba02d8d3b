import type { Output } from 'rx-agent-kit';
import type { Notice } from '../vtn/Desk';

interface Load {
  readonly kilowatts: number;
  readonly demand: number;
}

/** Counts what there is to say at the end. */
export class Tally {
  private polls = 0;
  private reports = 0;
  private values = 0;
  private readonly optedIn = new Set<string>();
  private loads = 0;
  private used = 0;
  private asked = 0;

  /** @param rated the power that a demand of 1 stands for, in kW */
  constructor(private readonly rated: number) {}

  add({ agent, stream, value }: Output): void {
    const name = `${agent}.${stream}`;
    if (name === 'ven.polls$') this.polls++;
    else if (name === 'ven.reports$') this.reports++;
    else if (name === 'vtn.notices$') this.note(value as Notice);
    else if (name === 'meter.load$') this.meter(value as Load);
  }

  lines(): readonly string[] {
    const average = (sum: number): string => `${(sum / Math.max(this.loads, 1)).toFixed(2)} kW`;
    return [
      `${this.polls} polls, ${this.optedIn.size} events opted in, ${this.reports} reports sent, ${this.values} values accepted by the VTN`,
      `the site used ${average(this.used)} on average, of ${average(this.asked)} that it would have used unlimited`,
    ];
  }

  private note(notice: Notice): void {
    if (notice.kind === 'opted' && notice.opt === 'optIn') this.optedIn.add(notice.event);
    if (notice.kind === 'reported') this.values += notice.values.length;
  }

  private meter({ kilowatts, demand }: Load): void {
    this.loads++;
    this.used += kilowatts;
    this.asked += demand * this.rated;
  }
}
