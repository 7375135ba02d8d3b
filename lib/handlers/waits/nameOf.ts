import type { Observable } from 'rxjs';

/** A source that can be named in reports, such as the messages of a topic. */
export interface NamedSource {
  readonly what: string;
}

/** What RxJS's operators say of where they come from. */
interface Derived {
  readonly source?: Derived | undefined;
}

/** The name of a source, or of the one that RxJS's operators have derived it from. */
export function nameOf(source$: Observable<unknown>): string {
  let source: Partial<NamedSource & Derived> | undefined = source$;
  while (source !== undefined) {
    if (typeof source.what === 'string') return source.what;
    source = source.source;
  }
  return 'a source';
}
