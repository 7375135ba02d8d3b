import { type SearchOrders, ORDERS } from '../../../time/choices/SearchOrders';
import type { Files } from './TapeFile';

interface HostProcess {
  readonly process?: {
    readonly env?: Readonly<Record<string, string | undefined>>;
    getBuiltinModule?(name: string): Files | undefined;
  };
}

/** What the command that runs these tests wants, if there is one, and the files by which it is told. */
export function findCommand(): { readonly orders: SearchOrders; readonly files: Files } | undefined {
  const { process } = globalThis as HostProcess;
  const text = process?.env?.[ORDERS];
  const files = process?.getBuiltinModule?.('node:fs');
  if (text === undefined || files === undefined) return undefined;
  return { orders: JSON.parse(text) as SearchOrders, files };
}
