import type { LeasesAtOnce } from '../../store/leases/Leases';
import type { Marks } from '../../store/leases/Marks';

/**
 * The leases of the host that each test has: what nobody else wants it has at once, so that its agents are set up when
 * the test starts them. As long as there is no other host, it has all of them, and renews none.
 */
export class FirstLeases implements LeasesAtOnce {
  private readonly waiting: (() => void)[] = [];
  private isShared = false;

  constructor(
    private readonly marks: Marks,
    private readonly isCutOff: () => boolean,
  ) {}

  /** There is another host from now on. */
  share(): void {
    this.isShared = true;
    for (const tell of this.waiting.splice(0)) tell();
  }

  take(name: string, holder: string): number | undefined {
    const mark = this.marks.read(name);
    const isFree = mark.holder === '' || mark.holder === holder;
    if (this.isShared && (!isFree || this.isCutOff())) return undefined;
    return this.marks.write(name, holder, mark.number);
  }

  free(name: string, holder: string): void {
    const mark = this.marks.read(name);
    if (mark.holder === holder) this.marks.write(name, '', mark.number);
  }

  whenShared(then: () => void): void {
    if (this.isShared) then();
    else this.waiting.push(then);
  }
}
