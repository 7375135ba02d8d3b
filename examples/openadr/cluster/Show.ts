import { Board, type Cell, type Paint } from '../show/Board';
import { noticeText } from '../show/noticeText';
import type { Notice } from '../vtn/Desk';
import type { Told } from './MachineProcess';
import { Roster } from './Roster';
import type { Heard } from './watcher';

const WIDTHS = { vtn: 22, 'site-a': 30, 'site-b': 30, 'site-c': 30 } as const;
type Lane = keyof typeof WIDTHS;

/** The machines of the site. */
export type MachineName = Exclude<Lane, 'vtn'>;

/** What is seen of the machines: a lane each, in which the agents stand that run there. */
export class Show {
  readonly roster = new Roster();
  private readonly board: Board<Lane>;
  private killed: { readonly name: string; readonly at: number } | undefined;
  private longest = 0;
  private registrations = 0;
  private values = 0;

  /**
   * @param passed ms of the agents since the start
   * @param print takes a line
   */
  constructor(
    paint: Paint,
    private readonly passed: () => number,
    private readonly print: (line: string) => void,
  ) {
    this.board = new Board(paint, WIDTHS);
    print(this.board.head());
  }

  noticed(notice: Notice): void {
    if (notice.kind === 'registered') this.registrations++;
    if (notice.kind === 'reported') this.values += notice.values.length;
    this.show({ lane: 'vtn', text: noticeText(notice), style: 'blue', mark: '│' });
  }

  heard({ machine, text, style }: Heard): void {
    if (isMachine(machine)) this.show({ lane: machine, text, style });
  }

  told(machine: MachineName, { agent, state, problem }: Told): void {
    if (problem !== undefined) {
      const text = `✗ ${agent}`;
      // A message names its agent, and may be long.
      this.show({ lane: machine, text, style: 'red', note: problem.slice(0, 200) });
    } else if (agent === 'host') return;
    else if (state === 'ready') this.began(machine, agent);
    else if (state === 'standby' || state === 'stopped') {
      this.roster.isOver(agent, machine);
      this.remark(machine);
    }
  }

  /** A machine has been killed just now. */
  dies(machine: MachineName): void {
    this.killed = { name: machine, at: performance.now() };
    const text = `✗ killed, with ${this.roster.on(machine)}`;
    this.roster.isGone(machine);
    this.show({ lane: machine, text, style: 'red', mark: '✗' });
  }

  /** What there is to say at the end. */
  summary(): readonly string[] {
    const takeover =
      this.killed === undefined ? [] : [`taken over within ${seconds(this.longest)} of real time`];
    return [
      ...this.roster.lines(),
      ...takeover,
      `the VTN has seen ${this.registrations === 1 ? 'one registration' : `${this.registrations} registrations`}, and got ${this.values} values`,
    ];
  }

  private began(machine: MachineName, agent: string): void {
    const { killed } = this;
    const former = this.roster.runs(agent, machine);
    const took = killed === undefined ? 0 : performance.now() - killed.at;
    const isTakeover = former !== undefined && former === killed?.name;
    if (isTakeover) this.longest = Math.max(this.longest, took);
    const note = `${machine} has taken over ${agent}, ${seconds(took)} after ${former ?? ''} was killed`;
    this.show({
      lane: machine,
      text: `runs ${agent}`,
      style: 'green',
      mark: this.roster.on(machine),
      ...(isTakeover && { note }),
    });
  }

  private remark(machine: MachineName): void {
    this.board.mark(machine, this.roster.on(machine) || '│');
  }

  private show(cell: Cell<Lane>): void {
    for (const line of this.board.lines(this.passed(), cell)) this.print(line);
  }
}

function isMachine(name: string): name is MachineName {
  return name in WIDTHS && name !== 'vtn';
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
