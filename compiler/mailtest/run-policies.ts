import { fateWords } from '../routing/explain/fate-words.ts';
import { assumptionText } from '../routing/explain/table-answers.ts';
import type { AddressClass } from '../routing/prove/address-class.ts';
import { anybody } from '../routing/prove/mentions.ts';
import type { Entrance, RoutingModel, Way } from '../routing/prove/model.ts';
import {
  bouncesDelivered,
  localDomainsDeliverable,
  noOpenRelay,
  noRelayBySender,
  type Proof,
  postmasterAccepted,
  usersSendAsThemselves,
} from '../routing/prove/proofs.ts';
import { listOf } from './list-of.ts';
import { expectedWords, meets } from './outcome-words.ts';
import type { MailPolicy, StandardPolicy } from './schema.ts';

export interface PolicyResult {
  readonly name: string;
  readonly index: number;
  /** `undecided`: the search ended before every class of mail was looked at. `idle`: there is no such mail. */
  readonly verdict: 'holds' | 'broken' | 'undecided' | 'idle';
  readonly expected: string;
  /** Mail for which it does not hold; the plainest first. */
  readonly against: readonly CounterExample[];
  /** Classes of mail that were looked at. */
  readonly runs: number;
}

export interface CounterExample {
  readonly endpoint: string;
  readonly auth: string | null;
  readonly from: string;
  readonly to: string;
  readonly got: string;
  readonly assumptions: readonly string[];
}

const proofs: Readonly<
  Record<StandardPolicy, { readonly says: string; readonly prove: (model: RoutingModel) => readonly Proof[] }>
> = {
  'no-open-relay': {
    says: 'nobody sends to other hosts without a password that is checked, whatever address he claims',
    prove: (model) => [noOpenRelay(model), noRelayBySender(model)],
  },
  'postmaster-accepted': {
    says: 'mail for postmaster is taken wherever mail from outside is',
    prove: (model) => [postmasterAccepted(model)],
  },
  'users-send-as-themselves': {
    says: 'whoever logs in is held to his own addresses before his mail leaves',
    prove: (model) => [usersSendAsThemselves(model)],
  },
  'local-domains-deliverable': {
    says: 'some mail from outside is delivered at each local domain',
    prove: (model) => [localDomainsDeliverable(model)],
  },
  'bounces-delivered': {
    says: 'bounces of every queue reach senders at local domains',
    prove: (model) => [bouncesDelivered(model)],
  },
};

const mostExamples = 5;

export function runPolicy(model: RoutingModel, policy: MailPolicy | StandardPolicy, index: number): PolicyResult {
  if (typeof policy !== 'string') return runOwnPolicy(model, policy, index);
  const { says, prove } = proofs[policy];
  const results = prove(model);
  const against = results.flatMap((proof) => proof.against);
  const isDecided = results.every(({ holds }) => holds !== null);
  return {
    name: policy,
    index,
    verdict: against.length > 0 ? 'broken' : isDecided ? 'holds' : 'undecided',
    expected: says,
    against: against.slice(0, mostExamples).map(exampleOf),
    runs: Math.max(...results.map(({ runs }) => runs)),
  };
}

function runOwnPolicy(model: RoutingModel, policy: MailPolicy, index: number): PolicyResult {
  const against: Way[] = [];
  let runs = 0;
  let complete = true;
  const senders = classesOf(model, policy.from, 'sender');
  const recipients = classesOf(model, policy.to, 'recipient');
  for (const entrance of model.entrances.filter((each) => isMeant(each, policy.endpoint))) {
    for (const sender of senders) {
      for (const auth of loginsOf(model, entrance, policy.auth, sender)) {
        for (const recipient of recipients) {
          const found = model.waysOf({ entrance, auth, sender, recipient });
          runs += found.ways.length;
          complete &&= found.complete;
          against.push(...found.ways.filter((way) => !meets(policy.expect, way)));
        }
      }
    }
  }
  return {
    name: policy.name,
    index,
    verdict: against.length > 0 ? 'broken' : runs === 0 ? 'idle' : complete ? 'holds' : 'undecided',
    expected: expectedWords(policy.expect),
    against: against.slice(0, mostExamples).map(exampleOf),
    runs,
  };
}

function isMeant({ module, name }: Entrance, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === module.module || wanted === name;
}

function loginsOf(
  model: RoutingModel,
  { login }: Entrance,
  wanted: boolean | undefined,
  { representative, local }: AddressClass,
): readonly (string | null)[] {
  // Nobody can be logged in where nobody can log in, and submission takes nothing from anybody else.
  const user = login === 'none' ? [] : [local ? representative : model.user];
  const nobody = login === 'required' && wanted === undefined ? [] : [null];
  if (wanted === true) return user;
  return wanted === false ? nobody : [...nobody, ...user];
}

/** Classes by the words of a policy; addresses stand for themselves. */
function classesOf(
  model: RoutingModel,
  wanted: string | readonly string[] | undefined,
  side: 'sender' | 'recipient',
): readonly AddressClass[] {
  const all = side === 'sender' ? model.senders : model.recipients;
  if (wanted === undefined) return all;
  const found = new Set<AddressClass>();
  for (const word of listOf(wanted)) {
    if (word.startsWith('*@')) found.add(model.classOf(`${anybody}${word.slice(1)}`));
    else if (word.includes('@') || word.toLowerCase() === 'postmaster') found.add(model.classOf(word));
    for (const each of all) if (isOf(word, each)) found.add(each);
  }
  return [...found];
}

function isOf(word: string, { kind, local, representative, others }: AddressClass): boolean {
  switch (word) {
    case 'anyone':
      return true;
    case 'local':
      return local;
    case 'outside':
      return !local && kind !== 'null';
    case 'null':
    case '':
      return kind === 'null';
    default:
      // A class that mentioned addresses of the domain stand for.
      return word.startsWith('*@') && [representative, ...others].some((address) => address.endsWith(word.slice(1)));
  }
}

function exampleOf(way: Way): CounterExample {
  const { entrance, auth, sender, recipient } = way.traffic;
  return {
    endpoint: entrance.name,
    auth,
    from: sender.representative,
    to: recipient.representative,
    got: fateWords(way),
    assumptions: way.assumptions.map(assumptionText),
  };
}
