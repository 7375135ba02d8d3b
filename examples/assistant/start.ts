// npx tsx examples/assistant/start.ts: talk to the assistant in the terminal, kill it, and start it again.
import { createInterface } from 'node:readline';
import { Observable, tap } from 'rxjs';
import { createHost, defineAgent, silentLog } from 'rx-agent-kit';
import { lmdbStore } from 'rx-agent-kit/lmdb';
import { stopOnSignals } from 'rx-agent-kit/node';
import { assistantWith } from './assistant';
import { answerPart, approval, asked, question, reminder, stopButton } from './contracts';
import { scripted } from './scripted';
import { shop } from './shop';

const lines$ = new Observable<string>((lines) => {
  const terminal = createInterface({ input: process.stdin });
  terminal.on('line', (line) => lines.next(line.trim()));
  return () => terminal.close();
});

const screen = defineAgent({
  name: 'screen',
  needs: ['assistant'],
  streams: ({ bus }) => {
    let open: string | undefined;
    bus.messages(asked).subscribe(({ payload }) => {
      open = payload?.id;
      if (payload !== null) console.log(`\nMay I ${payload.what}? (yes, no)`);
    });
    bus.messages(reminder).subscribe(({ payload }) => console.log(`\nI still wait: may I ${payload}?`));
    bus.messages(answerPart).subscribe(({ payload: { index, text } }) => {
      process.stdout.write(index === 0 ? `\n${text}` : text);
    });
    const say = (line: string): void => {
      if (line === 'stop') bus.publish(stopButton, null);
      else if (open !== undefined && /^(yes|no)$/.test(line)) {
        bus.publish(approval, { id: open, yes: line === 'yes' });
      } else if (line !== '') bus.publish(question, line);
    };
    return { lines$: lines$.pipe(tap(say)) };
  },
});

const host = createHost({ name: 'assistant', log: silentLog, store: lmdbStore('data/assistant') });
host.errors$.subscribe(({ message }) => console.error(message));
stopOnSignals(host);
console.log('Ask about an order ("Where is order 7?"), or to refund one. "stop" is the stop button.');
await host.startAll([shop, assistantWith(scripted), screen]);
