import { assumptionText, type TableAssumption } from '../explain/table-answers.ts';
import type { AddressClass } from '../prove/address-class.ts';
import type { Entrance, RoutingModel, Way } from '../prove/model.ts';
import { jointClasses } from './joint-classes.ts';
import { pairEntrances } from './pair-entrances.ts';
import { handlingChange, isHandledAlike, type Treatment, Treatments } from './treatment.ts';

/** Some of the classes that were looked at. */
export interface ClassSet {
  readonly classes: readonly AddressClass[];
  /** The other classes, where naming them says it shorter; empty: everybody is meant. */
  readonly but: readonly AddressClass[] | null;
}

/** Mail of some classes that fares differently. Either side is null where there is no such endpoint. */
export interface MailChange {
  readonly kind: Entrance['kind'];
  /** `smtp tcp://0.0.0.0:25`; of bounces the queue's name. */
  readonly entrance: string;
  readonly login: boolean;
  /** `handling`: it goes the same way, but other checks look at it, or other modifiers change its content. */
  readonly difference: 'fate' | 'handling';
  readonly senders: ClassSet;
  readonly recipients: ClassSet;
  readonly before: Treatment | null;
  readonly after: Treatment | null;
  /** What tables were supposed to hold. */
  readonly assumptions: readonly string[];
  readonly example: { readonly auth: string | null; readonly from: string; readonly to: string };
}

export interface MailDiff {
  readonly changes: readonly MailChange[];
  /** Pairs of runs that were compared. */
  readonly runs: number;
  /** False when the budget ended the search. */
  readonly complete: boolean;
}

const mostRuns = 6000;

/** What two configurations do differently, over every class of mail that either of them tells apart. */
export function diffMail(before: RoutingModel, after: RoutingModel): MailDiff {
  return new Comparison(before, after).run();
}

interface Difference {
  readonly entrance: Entrance;
  readonly auth: string | null;
  readonly sender: AddressClass;
  readonly recipient: AddressClass;
  readonly difference: MailChange['difference'];
  readonly before: Treatment | null;
  readonly after: Treatment | null;
  readonly assumptions: readonly string[];
}

interface Looked {
  readonly senders: Map<string, AddressClass>;
  readonly recipients: Map<string, AddressClass>;
}

class Comparison {
  readonly #before: RoutingModel;
  readonly #after: RoutingModel;
  readonly #old: Treatments;
  readonly #new: Treatments;
  readonly #found: Difference[] = [];
  /** Classes that were looked at, by entrance and login: a change for all of them is one for anybody. */
  readonly #looked = new Map<string, Looked>();
  #runs = 0;
  #complete = true;

  constructor(before: RoutingModel, after: RoutingModel) {
    this.#before = before;
    this.#after = after;
    this.#old = new Treatments(before);
    this.#new = new Treatments(after);
  }

  run(): MailDiff {
    const senders = jointClasses(this.#before.senders, this.#after.senders);
    const recipients = jointClasses(this.#before.recipients, this.#after.recipients);
    const endpoints = pairEntrances(this.#before, this.#after);
    for (const [before, after] of endpoints) this.#compare(before, after, senders, recipients);
    const nobody = senders.filter(({ kind }) => kind === 'null');
    const authors = recipients.filter(({ representative }) => representative.includes('@'));
    for (const before of this.#before.bounces) {
      const after = this.#after.bounces.find(({ name }) => name === before.name) ?? null;
      this.#compare(before, after, nobody, authors);
    }
    for (const after of this.#after.bounces) {
      if (!this.#before.bounces.some(({ name }) => name === after.name)) this.#compare(null, after, nobody, authors);
    }
    return { changes: this.#grouped(), runs: this.#runs, complete: this.#complete };
  }

  #compare(
    before: Entrance | null,
    after: Entrance | null,
    senders: readonly AddressClass[],
    recipients: readonly AddressClass[],
  ): void {
    const entrance = after ?? before;
    if (entrance === null) return;
    for (const sender of senders) {
      for (const auth of this.#logins(before, after, sender)) {
        for (const recipient of recipients) {
          if (this.#runs >= mostRuns) {
            this.#complete = false;
            return;
          }
          this.#look(entrance, auth, sender, recipient);
          this.#comparePair(before, after, auth, sender, recipient);
        }
      }
    }
  }

  #logins(before: Entrance | null, after: Entrance | null, { representative, kind }: AddressClass): (string | null)[] {
    const canLogIn = [before, after].some((entrance) => entrance !== null && entrance.login !== 'none');
    const user = kind === 'null' || kind === 'elsewhere' ? this.#after.user : representative;
    return canLogIn ? [null, user] : [null];
  }

  #look({ name }: Entrance, auth: string | null, sender: AddressClass, recipient: AddressClass): void {
    const key = `${name} ${auth !== null}`;
    const looked = this.#looked.get(key) ?? { senders: new Map(), recipients: new Map() };
    looked.senders.set(sender.representative, sender);
    looked.recipients.set(recipient.representative, recipient);
    this.#looked.set(key, looked);
  }

  #comparePair(
    before: Entrance | null,
    after: Entrance | null,
    auth: string | null,
    sender: AddressClass,
    recipient: AddressClass,
  ): void {
    const traffic = { auth, sender, recipient };
    const old = before === null ? null : this.#before.waysOf({ ...traffic, entrance: before });
    const now = after === null ? null : this.#after.waysOf({ ...traffic, entrance: after });
    this.#runs += Math.max(old?.ways.length ?? 0, now?.ways.length ?? 0);
    this.#complete &&= old?.complete !== false && now?.complete !== false;
    const entrance = after ?? before;
    if (entrance === null) return;
    const pairs = compatible(old?.ways ?? [null], now?.ways ?? [null]).map(([one, other]) => {
      const before = one === null ? null : this.#old.of(one);
      const after = other === null ? null : this.#new.of(other);
      const assumptions = [...(one?.assumptions ?? []), ...(other?.assumptions ?? [])];
      return { before, after, assumptions, difference: differenceOf(before, after) };
    });
    // With tables as empty as they can be: what they may hold besides makes the same difference in other words.
    const emptiest = Math.min(
      ...pairs.map((pair) => (pair.difference === null ? Number.POSITIVE_INFINITY : supposedEntries(pair.assumptions))),
    );
    const plainest = new Map<string, Difference>();
    for (const { before, after, assumptions, difference } of pairs) {
      if (difference === null || supposedEntries(assumptions) > emptiest) continue;
      const key = `${difference} ${kindOf({ before, after })}`;
      const told = [...new Set(assumptions.map(assumptionText))];
      if (!plainest.has(key)) plainest.set(key, { ...traffic, entrance, difference, before, after, assumptions: told });
    }
    for (const [key, found] of plainest) {
      const always = pairs.every((pair) => pair.difference !== null && `${pair.difference} ${kindOf(pair)}` === key);
      this.#found.push(always ? { ...found, assumptions: [] } : found);
    }
  }

  /** Differences that are alike in everything but who writes to whom, as rectangles of senders and recipients. */
  #grouped(): readonly MailChange[] {
    const alike = Map.groupBy(this.#found, (found) =>
      [found.entrance.name, found.auth !== null, found.difference, kindOf(found)].join('\0\0'),
    );
    return [...alike.values()].flatMap((differences) => {
      const byRecipient = Map.groupBy(differences, ({ recipient }) => recipient.representative);
      const bySenders = Map.groupBy([...byRecipient.values()], (each) =>
        [...new Set(each.map(({ sender }) => sender.representative))].join('\0'),
      );
      return [...bySenders.values()].flatMap((rectangle) => this.#changeOf(rectangle));
    });
  }

  #changeOf(rectangle: readonly (readonly Difference[])[]): readonly MailChange[] {
    const first = rectangle[0]?.[0];
    if (first === undefined) return [];
    const { entrance, auth, before, after, assumptions, sender, recipient } = first;
    const looked = this.#looked.get(`${entrance.name} ${auth !== null}`);
    return [
      {
        kind: entrance.kind,
        entrance: entrance.name,
        login: auth !== null,
        difference: first.difference,
        senders: setOf(
          rectangle.flat().map((each) => each.sender),
          looked?.senders,
        ),
        recipients: setOf(
          rectangle.flat().map((each) => each.recipient),
          looked?.recipients,
        ),
        ...{ before, after, assumptions },
        example: { auth, from: sender.representative, to: recipient.representative },
      },
    ];
  }
}

function differenceOf(before: Treatment | null, after: Treatment | null): MailChange['difference'] | null {
  if (before === null || after === null) return before === after ? null : 'fate';
  if (before.words !== after.words) return 'fate';
  // Who looks at mail that is refused anyway does not matter.
  if (before.fate.outcome !== 'delivered') return null;
  return isHandledAlike(before, after) ? null : 'handling';
}

/** Differences of one kind are told together. */
function kindOf({ before, after }: Pick<Difference, 'before' | 'after'>): string {
  if (before === null || after === null || before.words !== after.words) {
    return JSON.stringify([before?.words ?? null, after?.words ?? null]);
  }
  return JSON.stringify(handlingChange(before, after));
}

const mostExceptions = 2;

function setOf(some: readonly AddressClass[], all: ReadonlyMap<string, AddressClass> | undefined): ClassSet {
  const classes = [...new Map(some.map((each) => [each.representative, each])).values()];
  const inside = new Set(classes.map(({ representative }) => representative));
  const but = [...(all?.values() ?? [])].filter(({ representative }) => !inside.has(representative));
  return { classes, but: but.length <= mostExceptions && but.length < classes.length ? but : null };
}

/** Pairs of ways whose assumptions can hold at once. */
function compatible(
  before: readonly (Way | null)[],
  after: readonly (Way | null)[],
): readonly (readonly [Way | null, Way | null])[] {
  return before.flatMap((one) =>
    after.flatMap((other): (readonly [Way | null, Way | null])[] =>
      contradicts(one?.assumptions ?? [], other?.assumptions ?? []) ? [] : [[one, other]],
    ),
  );
}

function supposedEntries(assumptions: readonly TableAssumption[]): number {
  return assumptions.filter(({ values }) => values.length > 0).length;
}

function contradicts(some: readonly TableAssumption[], others: readonly TableAssumption[]): boolean {
  return some.some((one) =>
    others.some(
      (other) =>
        (one.table.name ?? one.table.module) === (other.table.name ?? other.table.module) &&
        one.key === other.key &&
        one.values.join('\0') !== other.values.join('\0'),
    ),
  );
}
