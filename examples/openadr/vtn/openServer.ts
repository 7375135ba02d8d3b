import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Observable, Subject } from 'rxjs';

/** A request, which whoever takes it has to answer. */
export interface Request {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** A server that listens. */
export interface OpenServer {
  readonly url: string;
  readonly requests$: Observable<Request>;
}

/** Listens on loopback while it is subscribed; on a free port if that is 0. Fails if the port cannot be had. */
export function openServer(port: number): Observable<OpenServer> {
  return new Observable((subscriber) => {
    const requests$ = new Subject<Request>();
    const server = createServer((incoming, outgoing) => {
      requests$.next({ incoming, outgoing });
    });
    server.on('error', (error) => {
      subscriber.error(error);
    });
    server.listen(port, '127.0.0.1', () => {
      const { port: actual } = server.address() as AddressInfo;
      subscriber.next({ url: `http://127.0.0.1:${actual}`, requests$ });
    });
    return () => {
      server.close();
      server.closeAllConnections();
    };
  });
}
