/** A member of an {@link IntrusiveList}: it bears its neighbours itself. */
export interface Linked<T> {
  before: T | undefined;
  behind: T | undefined;
}

/** A list in the order of arrival, from which a member is removed at constant cost and without an allocation. */
export class IntrusiveList<T extends Linked<T>> {
  private first: T | undefined;
  private last: T | undefined;
  size = 0;

  add(member: T): void {
    member.before = this.last;
    if (this.last === undefined) this.first = member;
    else this.last.behind = member;
    this.last = member;
    this.size++;
  }

  /** Removes a member, which has to be in the list. */
  remove(member: T): void {
    const { before, behind } = member;
    if (before === undefined) this.first = behind;
    else before.behind = behind;
    if (behind === undefined) this.last = before;
    else behind.before = before;
    member.before = member.behind = undefined;
    this.size--;
  }

  /** The members at this moment, whatever becomes of them while they are gone through. */
  toArray(): T[] {
    const members: T[] = [];
    for (let member = this.first; member !== undefined; member = member.behind) members.push(member);
    return members;
  }
}
