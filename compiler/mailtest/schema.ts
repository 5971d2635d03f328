import { type Static, Type } from 'typebox';

/** What a `*.mailtest.yaml` file may hold. The JSON Schema for editors is made from this, and so are the types. */

const closed = { additionalProperties: false } as const;

const text = (description: string) => Type.String({ description });
const texts = (description: string) => Type.Union([Type.String(), Type.Array(Type.String())], { description });

const reply = (description: string) =>
  Type.Union([Type.Integer({ minimum: 400, maximum: 599 }), Type.String(), Type.Literal(true)], { description });

const target = Type.Object(
  {
    to: text('name of the target’s block, or its module: `local_mailboxes`, `lmtp`, `target.remote`'),
    recipient: Type.Optional(text('final envelope recipient, after all rewriting')),
    sender: Type.Optional(text('final envelope sender; "" is the null sender')),
    via: Type.Optional(texts('queues in between, from outside to inside')),
  },
  { ...closed, description: 'one delivery' },
);

const outcome = {
  delivered: Type.Optional(
    Type.Union([Type.String(), target, Type.Array(Type.Union([Type.String(), target])), Type.Literal(true)], {
      description: 'a target, {to, recipient, sender, via}, a list of these, or true: wherever',
    }),
  ),
  quarantined: Type.Optional(Type.Boolean({ description: 'put aside, or not; both are fine when absent' })),
  rejected: Type.Optional(reply('a final refusal: 550, "550 5.7.1", "550 5.7.1 Relaying denied", or true: any')),
  deferred: Type.Optional(reply('a temporary refusal: 451, "451 4.7.1", the whole reply, or true: any')),
  stage: Type.Optional(Type.Enum(['mail', 'rcpt', 'data'], { description: 'where the refusal is given' })),
};

const outcomeSchema = Type.Object(outcome, { ...closed, description: 'what becomes of the message' });

const expectation = Type.Object(
  {
    ...outcome,
    recipients: Type.Optional(
      Type.Record(Type.String(), outcomeSchema, { description: 'for each recipient its own outcome' }),
    ),
  },
  { ...closed, description: 'what becomes of the message' },
);

const records = Type.Object(
  {
    A: Type.Optional(texts('IPv4 addresses')),
    AAAA: Type.Optional(texts('IPv6 addresses')),
    MX: Type.Optional(texts('mail servers, "10 mx.example.org" or the name alone; "." is the null MX')),
    TXT: Type.Optional(texts('texts, as an SPF record')),
    PTR: Type.Optional(texts('host names')),
  },
  { ...closed, description: 'records of a name' },
);

const given = Type.Object(
  {
    tables: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Union([Type.Array(Type.String()), Type.Record(Type.String(), texts('value or values'))], {
          description: 'all that the table holds: a list of keys, or keys with their values',
        }),
        { description: 'tables by block name or module name' },
      ),
    ),
    checks: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description:
          'what a check says, by block name or module name: pass, fail, quarantine, softfail, …; dmarc is one too',
      }),
    ),
    dns: Type.Optional(
      Type.Record(Type.String(), records, {
        description: 'all that DNS holds; require_mx_record, require_matching_rdns, dnsbl and spf judge by it',
      }),
    ),
  },
  { ...closed, description: 'what the outside says' },
);

const mailCase = Type.Object(
  {
    name: text('what the case shows, in words'),
    endpoint: Type.Optional(text('smtp, submission, lmtp, or "smtp tcp://0.0.0.0:25" where there are several')),
    ip: Type.Optional(text('address of the client')),
    helo: Type.Optional(text('name that the client gives for itself')),
    auth: Type.Optional(text('user name of the login')),
    from: text('MAIL FROM; "" is the null sender'),
    to: texts('RCPT TO: an address, or several'),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'header fields; spf asks for DMARC by From' }),
    ),
    smtputf8: Type.Optional(Type.Boolean({ description: 'MAIL says SMTPUTF8; untold: when an address needs it' })),
    given: Type.Optional(given),
    expect: Type.Optional(expectation),
  },
  { ...closed, description: 'one message' },
);

export const standardPolicies = [
  'no-open-relay',
  'postmaster-accepted',
  'users-send-as-themselves',
  'local-domains-deliverable',
  'bounces-delivered',
] as const;

const mailPolicy = Type.Object(
  {
    name: text('what holds, in words'),
    endpoint: Type.Optional(text('only mail that comes in there')),
    auth: Type.Optional(
      Type.Boolean({ description: 'true: of somebody who has logged in; false: of nobody who has; untold: both' }),
    ),
    from: Type.Optional(texts('anyone (untold), local, outside, null, "*@example.org", or an address')),
    to: Type.Optional(texts('anyone (untold), local, outside, "*@example.org", or an address')),
    expect: outcomeSchema,
  },
  { ...closed, description: 'what holds for all mail of a class' },
);

export const mailTestSchema = Type.Object(
  {
    configuration: Type.Optional(
      text('path from this file; untold: NAME.conf beside NAME.mailtest.yaml, else maddy.conf beside it'),
    ),
    environment: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'variables for {env:NAME}' })),
    given: Type.Optional(given),
    cases: Type.Optional(Type.Array(mailCase)),
    policies: Type.Optional(
      Type.Array(
        Type.Union([Type.Enum([...standardPolicies]), mailPolicy], {
          description: `one of ${standardPolicies.join(', ')}, or an own one with name and expect`,
        }),
      ),
    ),
  },
  { ...closed, description: 'Tests of a mail configuration' },
);

export type MailTest = Static<typeof mailTestSchema>;
export type Given = Static<typeof given>;
export type MailCase = Static<typeof mailCase>;
export type MailPolicy = Static<typeof mailPolicy>;
export type StandardPolicy = (typeof standardPolicies)[number];
export type ExpectedOutcome = Static<typeof outcomeSchema>;
export type ExpectedTarget = Static<typeof target>;
export type DnsRecords = Static<typeof records>;
