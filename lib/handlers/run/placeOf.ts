/** Where an error comes from, as it and its message say. */
export interface Place {
  readonly where: string;
  readonly agent: string | undefined;
  readonly stream: string;
}

/** @param agent its name; empty for an operator that is in none */
export function placeOf(agent: string, stream: string): Place {
  return agent === ''
    ? { where: stream, agent: undefined, stream }
    : { where: `${agent}.${stream}`, agent, stream };
}
