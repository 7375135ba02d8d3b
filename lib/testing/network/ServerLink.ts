import { AgentError } from '../../AgentError';
import type { Rank } from '../../time/queue/rank';
import type { Task, Timers } from '../../time/queue/Timers';
import type { Road, Traveller } from './Road';
import type { Servers } from './Servers';

/** After so many ms without an answer there will be none. */
const PATIENCE = 5000;

/** The roads of one host to the servers and back. */
export interface ServerRoads {
  readonly there: Road;
  readonly back: Road;
  /** Whether they take no time, and lose nothing. */
  isAtOnce(): boolean;
}

/** How one host asks the servers. */
export class ServerLink {
  constructor(
    readonly servers: Servers,
    private readonly roads: ServerRoads,
  ) {}

  /** Lets the servers do something, and waits for no word of it. */
  tell(what: string, timers: Timers, rank: Rank, work: () => void): void {
    const servers = travellerOn(this.servers.timersFor(timers));
    if (this.roads.isAtOnce()) work();
    else this.roads.there.call(what, servers, rank, work);
  }

  /** Lets something come from the servers. */
  bring(what: string, timers: Timers, rank: Rank, arrive: () => void): void {
    this.roads.back.call(what, travellerOn(timers), rank, arrive);
  }

  /**
   * Lets the servers do something, and gives what has come of it. When it rejects, it may have been done, and may be
   * done still.
   *
   * @throws AgentError `bus-disconnected` if there is no answer
   */
  ask<T>(what: string, timers: Timers, rank: Rank, work: () => Promise<T>): Promise<T> {
    const { there, back } = this.roads;
    if (this.roads.isAtOnce()) return started(work);
    const [servers, me] = [travellerOn(this.servers.timersFor(timers)), travellerOn(timers)];
    return new Promise((resolve, reject) => {
      const deadline = timers.arm(timers.now() + PATIENCE, taskOf(unanswered), rank);
      let isOver = false;
      function end(settle: () => void): void {
        if (isOver) return;
        isOver = true;
        settle();
      }
      function unanswered(): void {
        end(() => {
          reject(new AgentError('bus-disconnected', `there is no answer to ${what}`));
        });
      }
      const answer = (settle: () => void): void => {
        back.call(`the answer to ${what}`, me, rank, () => {
          end(() => {
            timers.disarm(deadline);
            settle();
          });
        });
      };
      there.call(what, servers, rank, () => {
        started(work).then(
          (value) => {
            answer(() => {
              resolve(value);
            });
          },
          (error: unknown) => {
            answer(() => {
              // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- What was thrown is passed on as it came.
              reject(error);
            });
          },
        );
      });
    });
  }
}

/** What it throws at once, it rejects with. */
function started<T>(work: () => Promise<T>): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

function travellerOn(timers: Timers): Traveller {
  return {
    arm: (ms, from, task, rank) => {
      const due = Math.max(timers.now() + ms, from);
      timers.arm(due, task, rank);
      return due;
    },
    onError: rethrow,
  };
}

function taskOf(run: () => void): Task {
  return { run, fail: rethrow };
}

function rethrow(error: unknown): never {
  throw error;
}
