interface Seat<Member> {
  readonly member: Member;
  /** -1 when the member has left. */
  at: number;
}

/**
 * Who is there, in no order. Where thousands come and go in a second, V8's Set keeps them all until the next full collection:
 * it makes a new table every few dozen members, and each table that has grown old holds the one after it.
 */
export class Roster<Member> {
  readonly #seats: Seat<Member>[] = [];

  get size(): number {
    return this.#seats.length;
  }

  /** What comes back removes the member. */
  add(member: Member): () => void {
    const seat = { member, at: this.#seats.length };
    this.#seats.push(seat);
    return () => this.#leave(seat);
  }

  /** The last one takes the free seat. */
  #leave(seat: Seat<Member>): void {
    const { at } = seat;
    if (at === -1) return;
    seat.at = -1;
    const last = this.#seats.pop();
    if (last === undefined || last === seat) return;
    last.at = at;
    this.#seats[at] = last;
  }

  /** Those that are there when it is called; they may leave meanwhile. */
  members(): readonly Member[] {
    return this.#seats.map(({ member }) => member);
  }
}
