/** What fails in a search because it was chosen to. */
export class Fault extends Error {
  override readonly name = 'Fault';
}
