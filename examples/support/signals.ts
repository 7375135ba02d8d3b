import { fromEvent, merge, Observable, throttleTime } from 'rxjs';

/**
 * Emits at the first Ctrl-C or SIGTERM; a second one ends the process at once. One Ctrl-C may arrive several
 * times, since npm and tsx pass on what the terminal has sent to all of them.
 */
export const interrupted$ = new Observable<void>((subscriber) => {
  let count = 0;
  return merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM'))
    .pipe(throttleTime(200))
    .subscribe(() => {
      if (++count > 1) process.exit(130);
      // The terminal has written ^C into the line.
      if (process.stdout.isTTY) console.log();
      subscriber.next();
    });
});
