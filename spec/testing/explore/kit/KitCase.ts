import type { ExploreBody, ExploreOptions } from 'rx-agent-kit/testing';

/** A law of the kit, and where it is searched for a run that breaks it. */
export interface KitCase {
  readonly name: string;
  readonly body: ExploreBody;
  readonly options: ExploreOptions;
}
