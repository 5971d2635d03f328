import type { Host } from '../host.ts';
import type { At, Plan } from '../plan/plan.ts';
import { explainRoute } from '../routing/explain/explain-route.ts';
import { fateWords } from '../routing/explain/fate-words.ts';
import type { ExplainedStep, RecipientRoute } from '../routing/explain/request.ts';
import { listOf } from './list-of.ts';
import { expectationFor, expectedWords, meets } from './outcome-words.ts';
import type { ExpectedOutcome, Given, MailCase } from './schema.ts';
import { supposed } from './suppositions.ts';

/** A thing that is not as the test says. */
export interface Mismatch {
  /** Null when it concerns the whole case. */
  readonly recipient: string | null;
  readonly expected: string;
  readonly got: string;
  /** What it hangs on, when the configuration alone does not decide. */
  readonly notes: readonly string[];
}

export interface CaseResult {
  readonly name: string;
  /** Index in the file. */
  readonly index: number;
  readonly mismatches: readonly Mismatch[];
  /** What `--update` writes; null when the outcome is not decided. */
  readonly actual: MailCase['expect'] | null;
  /** The way of each recipient, for coverage. */
  readonly ways: readonly { readonly endpoint: At; readonly steps: readonly ExplainedStep[] }[];
}

export interface CaseSurroundings {
  readonly plan: Plan;
  readonly host: Host;
  /** For all cases of the file. */
  readonly given: Given;
  /** What checks say by the records that are given for the case. */
  readonly byDns: ReadonlyMap<string, string>;
}

/** Takes one case's message through the configuration, and compares. */
export function runCase({ plan, host, given, byDns }: CaseSurroundings, mail: MailCase, index: number): CaseResult {
  const { name, endpoint = null, ip = null, auth = null, from, smtputf8 = null } = mail;
  const to = listOf(mail.to);
  const request = { endpoint, ip, auth, from, to, smtputf8 };
  const result = explainRoute(plan, request, supposed(given, mail.given ?? {}, byDns), host);
  if (!result.ok) {
    const known = result.endpoints.length === 0 ? 'none' : result.endpoints.join(', ');
    const mismatch = {
      recipient: null,
      expected: `an endpoint ${endpoint ?? 'that takes mail'}`,
      got: `endpoints that take mail: ${known}`,
      notes: [],
    };
    return { name, index, mismatches: [mismatch], actual: null, ways: [] };
  }
  const { recipients, at } = result;
  return {
    name,
    index,
    mismatches: recipients.flatMap((route) => mismatchOf(route, expectedFor(mail, route.to), recipients.length > 1)),
    actual: actualOf(recipients),
    ways: recipients.map(({ steps }) => ({ endpoint: at, steps })),
  };
}

function expectedFor({ expect }: MailCase, to: string): ExpectedOutcome | null {
  if (expect === undefined) return null;
  const { recipients, ...common } = expect;
  const own = recipients?.[to];
  if (own !== undefined) return own;
  return Object.keys(common).length === 0 ? null : common;
}

function mismatchOf(route: RecipientRoute, expected: ExpectedOutcome | null, several: boolean): readonly Mismatch[] {
  const recipient = several ? route.to : null;
  const wanted = expected === null ? 'nothing is written yet (--update writes what comes)' : expectedWords(expected);
  if (route.outcome === 'depends') {
    // Where every way is fine, nothing needs to be known.
    if (expected !== null && route.branches.every((branch) => meets(expected, branch))) return [];
    const notes = route.branches.map(
      ({ assumptions, ...fate }) => `if ${assumptions.join(' and ')}: ${fateWords(fate)}`,
    );
    return [{ recipient, expected: wanted, got: 'it depends: say what the tables hold, under given: tables', notes }];
  }
  const fate = { ...route, outcome: route.outcome };
  if (expected !== null && meets(expected, fate)) return [];
  return [{ recipient, expected: wanted, got: fateWords(fate), notes: [] }];
}

function actualOf(recipients: readonly RecipientRoute[]): CaseResult['actual'] {
  const outcomes: [string, ExpectedOutcome][] = [];
  for (const route of recipients) {
    const { outcome } = route;
    if (outcome === 'depends') return null;
    outcomes.push([route.to, expectationFor({ ...route, outcome }, route.to)]);
  }
  const [first] = outcomes;
  if (outcomes.length === 1 && first !== undefined) return first[1];
  return { recipients: Object.fromEntries(outcomes) };
}
