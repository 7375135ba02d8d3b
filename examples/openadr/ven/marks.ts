import { EMPTY, expand, type Observable, of, switchMap } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import type { VenConfig } from './config';
import type { ReportJob } from './ReportJob';
import { type Mark, markBehind } from './rhythm';

/**
 * The marks of a report's rhythm, when they are due. It begins with its interval; if that is under way already, it
 * goes on where it is, and what a stall has cost is left out.
 */
export function marksOf(
  { client, began, start = began, rhythm }: ReportJob,
  time: AgentContext<VenConfig>['time'],
): Observable<Mark> {
  const begin$: Observable<unknown> = start === undefined ? of(0) : of(0).pipe(time.at(start));
  return begin$.pipe(
    switchMap(() => {
      const passed = start === undefined ? 0 : Math.max(0, client.wallNow() - start);
      const origin = time.now() - passed;
      const due = (mark: Mark): Observable<Mark> =>
        of(mark).pipe(time.after(() => Math.max(0, origin + mark.at - time.now())));
      return due(markBehind(rhythm, passed)).pipe(
        expand((mark) =>
          mark.isLast ? EMPTY : due(markBehind(rhythm, Math.max(mark.at, time.now() - origin))),
        ),
      );
    }),
  );
}
