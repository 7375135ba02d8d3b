import { AgentError } from '../../AgentError';

// What cannot be a payload, in words.

/** How many characters a payload may have, written as JSON, and how deep it may be nested. */
export const MOST_CHARACTERS = 1_000_000;
export const MOST_LEVELS = 999;

/** The way to a part of a payload, from the payload on. */
export type PayloadPath = readonly (string | number)[];

export function tooLarge(where: string): AgentError {
  const message = `${where}: the payload has more than ${MOST_CHARACTERS.toLocaleString('en')} characters as JSON, or is nested deeper than ${MOST_LEVELS}. Send it in parts, or send where it can be fetched.`;
  return new AgentError('message-too-large', message);
}

/** @param path the way to the first part that stands within itself */
export function containsItself(where: string, path: PayloadPath): AgentError {
  const message = `${where}: ${nameOf(path)} contains itself, and so has no end. Send what others need of it.`;
  return new AgentError('message-too-large', message);
}

/** @param what what it is: "is a Map" */
export function unknownToJson(where: string, path: PayloadPath, what: string, hint: string): AgentError {
  const message = `${where}: ${nameOf(path)} ${what}, which JSON does not know. ${hint}`;
  return new AgentError('bad-message', message);
}

export function unreadable(where: string, path: PayloadPath, why: string, cause: unknown): AgentError {
  return new AgentError('bad-message', `${where}: ${nameOf(path)} cannot be read: ${why}`, { cause });
}

function nameOf(path: PayloadPath): string {
  return path.length === 0 ? 'the payload' : path.join('.');
}
