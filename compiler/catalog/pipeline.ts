import type { WantedInterface } from './interfaces.ts';

/** The language of message pipelines: what may stand where (pipeline.yaml). */

export type PipelineContext = 'root' | 'source' | 'destination';

export interface PipelineDirective {
  readonly contexts: readonly PipelineContext[];
  /** What its arguments are: rules that match addresses, a table, a target with its own arguments, a group, a reply. */
  readonly args: 'none' | 'rules' | 'table' | 'target' | 'group' | 'reply' | 'yes_no';
  /** What its block holds; `module`: the block of the module that the arguments name. */
  readonly block: 'none' | 'members' | 'module' | PipelineContext;
  readonly expects?: WantedInterface;
  readonly repeatable: boolean;
  /** It decides what happens to a recipient, so that it excludes rules beside it. */
  readonly handles?: true;
  readonly doc: string;
  readonly snippet: string;
  readonly notes?: readonly string[];
}

const everywhere = ['root', 'source', 'destination'] as const;

export const pipelineDirectives = {
  check: {
    contexts: everywhere,
    args: 'group',
    block: 'members',
    expects: 'checks_group',
    repeatable: true,
    doc: 'Runs checks. Either a block whose directives are check modules, or a reference to a `checks` block.',
    snippet: `check {
    \${1|spf,dkim,require_mx_record|}
}`,
    notes: ['The argument form looks for modules without the `check.` prefix: `check spf` fails.'],
  },
  modify: {
    contexts: everywhere,
    args: 'group',
    block: 'members',
    expects: 'modifiers_group',
    repeatable: true,
    doc: 'Runs modifiers in order. Either a block, or a reference to a `modifiers` block.',
    snippet: `modify {
    \${1:dkim \\$(primary_domain) \\$(local_domains) default}
}`,
  },
  dmarc: {
    contexts: ['root'],
    args: 'yes_no',
    block: 'none',
    repeatable: true,
    doc: 'Enforces the DMARC policy of the sender domain. Bare means yes. Off when the directive is absent.',
    snippet: 'dmarc yes',
    notes: [
      'Only the words yes and no are accepted; with two or more arguments the directive is ignored.',
      'Later occurrences never switch it off again.',
    ],
  },
  source: {
    contexts: ['root'],
    args: 'rules',
    block: 'source',
    repeatable: true,
    doc: 'Handles messages whose envelope sender matches one of the domains or addresses.',
    snippet: `source \${1:\\$(local_domains)} {
    $0
}`,
  },
  source_in: {
    contexts: ['root'],
    args: 'table',
    block: 'source',
    expects: 'table',
    repeatable: true,
    doc: 'Handles messages whose envelope sender is in a table; asked before `source` rules. The block is the rule’s, so a table that needs a block must be defined elsewhere.',
    snippet: `source_in \${1:file /etc/maddy/senders} {
    $0
}`,
  },
  default_source: {
    contexts: ['root'],
    args: 'none',
    block: 'source',
    repeatable: false,
    doc: 'Handles messages that no `source` rule matched.',
    snippet: `default_source {
    $0
}`,
  },
  destination: {
    contexts: ['root', 'source'],
    args: 'rules',
    block: 'destination',
    repeatable: true,
    doc: 'Handles recipients that match one of the domains or addresses.',
    snippet: `destination \${1:postmaster \\$(local_domains)} {
    $0
}`,
  },
  destination_in: {
    contexts: ['root', 'source'],
    args: 'table',
    block: 'destination',
    expects: 'table',
    repeatable: true,
    doc: 'Handles recipients that are in a table; asked before `destination` rules.',
    snippet: `destination_in \${1:&local_rcpts} {
    $0
}`,
  },
  default_destination: {
    contexts: ['root', 'source'],
    args: 'none',
    block: 'destination',
    repeatable: false,
    doc: 'Handles recipients that no `destination` rule matched.',
    snippet: `default_destination {
    $0
}`,
  },
  deliver_to: {
    contexts: everywhere,
    args: 'target',
    block: 'module',
    expects: 'delivery_target',
    repeatable: true,
    handles: true,
    doc: 'Passes the matching recipients to a delivery target; several of them deliver to several targets.',
    snippet: 'deliver_to ${1:&local_mailboxes}',
  },
  reroute: {
    contexts: everywhere,
    args: 'none',
    block: 'root',
    repeatable: true,
    handles: true,
    doc: 'Evaluates a nested pipeline with the addresses as rewritten so far.',
    snippet: `reroute {
    $0
}`,
    notes: ['maddy 0.9.4 crashes on the first message that gets here.'],
  },
  reject: {
    contexts: everywhere,
    args: 'reply',
    block: 'none',
    repeatable: true,
    handles: true,
    doc: 'Refuses the matching recipients: `reject [CODE [ENHANCED [TEXT]]]`, by default 554 5.7.0.',
    snippet: 'reject ${1:550} ${2:5.1.1} ${3:"User does not exist"}',
    notes: ['A block after reject is ignored.'],
  },
} as const satisfies { readonly [name: string]: PipelineDirective };

export type PipelineDirectiveName = keyof typeof pipelineDirectives;

const byName: ReadonlyMap<string, PipelineDirective> = new Map(Object.entries(pipelineDirectives));

export function findPipelineDirective(name: string): PipelineDirective | undefined {
  return byName.get(name);
}

/** From the outside in: rules for senders, rules for recipients, what happens to mail. Null: it stands beside all of them. */
function stageOf({ block, handles }: PipelineDirective): number | null {
  if (handles === true) return 2;
  return block === 'source' ? 0 : block === 'destination' ? 1 : null;
}

/** Whether maddy refuses the two in one block: rules exclude what they would decide about, tables beside it do not. */
export function exclude(one: string, other: string): boolean {
  const [a, b] = [byName.get(one), byName.get(other)];
  const [stageA = null, stageB = null] = [a, b].map((row) => row && stageOf(row));
  if (a === undefined || b === undefined || stageA === null || stageB === null) return false;
  if (stageA === stageB) return stageA === 2 && (one === 'reject') !== (other === 'reject');
  return (stageA < stageB ? a : b).args !== 'table';
}

/** What the rules of a block still lack: maddy refuses them without it. */
export function lackedDefault(used: ReadonlySet<string>): 'default_source' | 'default_destination' | null {
  if (used.has('source') && !used.has('default_source')) return 'default_source';
  return used.has('destination') && !used.has('default_destination') ? 'default_destination' : null;
}
