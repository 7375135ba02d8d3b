import { Cancelled } from '../../handlers/Cancelled';
import { runIn } from '../../time/Context';
import { AgentLife } from './AgentLife';
import { setupFailed, stoppedBeforeReady } from '../agentErrors';
import { Readiness } from './Readiness';

/**
 * One life of an agent. Its phases follow one another in this order, which is the order of the methods, too:
 * setup, configured, start, ready, stopping, finish. What comes behind it is the business of {@link Agent}.
 */
export class LiveAgent extends AgentLife {
  private readiness: Readiness | undefined;
  /** Whether a step of the start is being done: a stop that is asked for in the midst of it comes after it. */
  private isStepping = false;
  private isToEnd = false;

  // From setup to ready.

  /**
   * Makes the streams, subscribes to them and lets them set up, all of it synchronously.
   * If something throws, that is thrown here, and nothing of the life is left.
   */
  setUp(): void {
    const { agent } = this;
    this.isStepping = true;
    try {
      agent.phase.enter('setup');
      agent.wiring.connect(this.scope, this.definition.streams(this.context()), () => {
        this.watchReadiness();
      });
      this.emit('setup');
    } catch (error) {
      // There is nobody to catch it if this is not the first life.
      if (agent.hasLived) agent.tell(setupFailed(agent.name, error));
      this.incidents.end(error);
    }
    this.isStepping = false;
    const { fatal } = this.incidents;
    if (fatal === undefined && !this.isToEnd) return;
    this.scope.halt();
    this.finish();
    this.close();
    throw fatal === undefined ? stoppedBeforeReady(agent.name) : fatal.error;
  }

  /** Starts an agent that has been set up, as a task of the scheduler, when the bus is connected. */
  start(): void {
    if (!this.isSetUp) return;
    this.awaitBus(() => {
      this.begin();
    });
  }

  private get isSetUp(): boolean {
    return this.agent.state === 'setup' && this.incidents.fatal === undefined;
  }

  private begin(): void {
    const { agent } = this;
    if (!this.isSetUp) return;
    this.incidents.isSettingUp = false;
    this.step(() => {
      this.scope.joinBus();
      agent.phase.enter('configured');
      this.config.publish();
      if (this.isToEnd) return;
      agent.phase.enter('start');
      this.hasStarted = true;
      this.emit('start');
      this.config.publishKept();
    });
    this.awaitReadiness();
  }

  private watchReadiness(): void {
    const { definition, agent, scope } = this;
    if (definition.readyWhen === undefined) return;
    const ready$ = definition.readyWhen(agent.wiring.streams);
    this.readiness = new Readiness(agent.name, ready$, scope, (error) => {
      this.incidents.fail(error);
    });
  }

  private awaitReadiness(): void {
    const become = (): void => {
      this.becomeReady();
    };
    if (this.readiness === undefined) become();
    else if (this.agent.state === 'start')
      this.readiness.await(become, this.host.scheduler, this.startTimeout);
  }

  private becomeReady(): void {
    const { agent } = this;
    if (agent.state !== 'start' || this.incidents.fatal !== undefined) return;
    this.step(() => {
      agent.phase.enter('ready');
      agent.becomesReady();
      this.emit('ready');
      agent.becameReady();
    });
  }

  private step(work: () => void): void {
    this.isStepping = true;
    runIn(this.agent.context, work);
    this.isStepping = false;
    if (this.isToEnd) this.beginStop();
  }

  // From ready to the end.

  /** Ends the life; the agent is told when it has ended, maybe at once. */
  end(): void {
    if (this.isToEnd) return;
    this.isToEnd = true;
    if (!this.isStepping) this.beginStop();
  }

  /** Waits for nothing any more. */
  hurry(): void {
    this.shutdown.hurry();
  }

  private beginStop(): void {
    this.joining?.end();
    this.readiness?.end();
    this.tellFailure();
    this.agent.phase.enter('stopping');
    this.agent.stopping();
    this.scope.halt();
    this.shutdown.await('inFlight', () => {
      if (this.hasStarted) this.emit('stop');
      this.shutdown.await('unfinished', () => {
        this.shutdown.leaveBus(() => {
          this.finish();
          this.shutdown.await('inFlight', () => {
            this.close();
          });
        });
      });
    });
  }

  private finish(): void {
    this.agent.phase.enter('finish');
    this.emit('finish');
  }

  private close(): void {
    const { agent } = this;
    this.tellFailure();
    agent.ending();
    this.readiness?.end();
    agent.wiring.disconnect();
    this.isOver = true;
    this.closing?.abort(Cancelled.because.stopped);
    for (const part of [this.lifecycle, this.config]) part.complete();
    agent.ended(this.shutdown.left);
  }

  /** As a task of its own, since this may be in the midst of a stream; but the setup ends what it has begun itself. */
  protected endSoon(): void {
    const isInSetup = this.isStepping && this.agent.state === 'setup';
    if (isInSetup) return;
    this.host.scheduler.schedule(() => {
      this.end();
    });
  }

  /** What is fatal may have come before the stop or in the midst of it. */
  private tellFailure(): void {
    const { fatal } = this.incidents;
    if (fatal !== undefined) this.agent.failed(fatal);
  }
}
