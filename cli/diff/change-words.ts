import type { At, Plan } from '../../compiler/plan/plan.ts';
import type { ClassSet, MailChange } from '../../compiler/routing/diff/diff-mail.ts';
import { handlingChange } from '../../compiler/routing/diff/treatment.ts';
import type { AddressClass } from '../../compiler/routing/prove/address-class.ts';
import { routeCommand } from '../route/route-command.ts';

/** Classes that are named before "and N more". */
const mostNamed = 4;

/** Who brings the mail: `smtp tcp://0.0.0.0:25, logged in`. */
export function entranceWords({ kind, entrance, login }: MailChange): string {
  if (kind === 'bounce') return `bounces of ${entrance}`;
  return login ? `${entrance}, logged in` : entrance;
}

export function classesWords({ classes, but }: ClassSet): string {
  if (but !== null) return but.length === 0 ? 'anyone' : `anyone but ${listed(but)}`;
  return listed(classes);
}

function listed(classes: readonly AddressClass[]): string {
  const all = new Set(classes.flatMap(namesOf));
  // Of a domain whose people are named, the single ones need not be.
  const names = [...all].filter(
    (name) => name.startsWith('*@') || !all.has(`*@${name.slice(name.lastIndexOf('@') + 1)}`),
  );
  const shown = names.slice(0, mostNamed);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}

function namesOf({ kind, representative, others }: AddressClass): readonly string[] {
  if (kind === 'null') return ['the null sender'];
  if (kind === 'elsewhere') return ['anyone elsewhere'];
  return [representative, ...others].flatMap((address) =>
    address.endsWith('@elsewhere.invalid') ? [] : [address.replace(/^anybody@/, '*@')],
  );
}

/** What was done and is done; where mail goes the same way, what looks at it and changes it. */
export function treatmentWords({
  kind,
  difference,
  before,
  after,
}: MailChange): readonly [before: string, after: string] {
  if (difference === 'fate' || before === null || after === null) {
    const absent = kind === 'bounce' ? 'there are no such bounces' : 'there is no such endpoint';
    return [before?.words ?? absent, after?.words ?? absent];
  }
  const { lost, won } = handlingChange(before, after);
  return [
    lost.length === 0 ? `without ${won.join(', ')}` : `with ${lost.join(', ')}`,
    won.length === 0 ? `without ${lost.join(', ')}` : `with ${won.join(', ')}`,
  ];
}

export function placeWords(at: At | null, { files }: Plan, revision: string | null): string {
  return at === null ? '' : `${revision === null ? '' : `${revision}:`}${files[at[0]] ?? ''}:${at[1]}`;
}

/** How to see the way of an example; null for bounces, which nobody sends. */
export function exampleCommand({ kind, entrance, example }: MailChange, file: string): string | null {
  return kind === 'bounce' ? null : routeCommand(file, { endpoint: entrance, ...example });
}
