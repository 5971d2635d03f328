import type { ReplyValue } from '../../plan/plan.ts';
import { senderFindings } from '../checks/authorize-sender.ts';

/** What a check may say, and what becomes of it (runtime-mta 13). */
export interface Verdict {
  readonly stage: 'sender' | 'recipient' | 'body';
  /** Directive that says what is done; without it the check itself decides. */
  readonly action?: string;
  /** With which a program says it; a `code` directive may say what is done. */
  readonly exitCode?: number;
  /** What is done when no directive says otherwise. */
  readonly usual: 'reject' | 'quarantine' | 'ignore';
  readonly reply: ReplyValue;
}

const reply = (code: number, enhanced: string, text: string): ReplyValue => ({ code, enhanced, text });

const spf = (action: string, usual: Verdict['usual'], code: number, text: string): Verdict => ({
  stage: 'body',
  action,
  usual,
  reply: reply(code, `${Math.floor(code / 100)}.7.23`, text),
});

const dkim = (action: string, text: string): Verdict => ({
  stage: 'body',
  action,
  usual: 'ignore',
  reply: reply(550, '5.7.20', text),
});

const rspamd = (action: string, usual: Verdict['usual'], code: number, text: string): Verdict => ({
  stage: 'body',
  action,
  usual,
  reply: reply(code, `${Math.floor(code / 100)}.7.0`, text),
});

const local = 'Message rejected due to local policy';

/** To the letter. */
const commandReply = reply(550, '5.7.1', 'Message rejected for due to a local policy');

const verdicts: Readonly<Record<string, Readonly<Record<string, Verdict>>>> = {
  'check.spf': {
    none: spf('none_action', 'ignore', 550, 'No SPF policy'),
    neutral: spf('neutral_action', 'ignore', 550, 'Neutral SPF result is not permitted'),
    fail: spf('fail_action', 'quarantine', 550, 'SPF authentication failed'),
    softfail: spf('softfail_action', 'ignore', 550, 'SPF authentication soft-failed'),
    temperror: spf('temperr_action', 'ignore', 451, 'SPF authentication failed with a temporary error'),
    permerror: spf('permerr_action', 'ignore', 550, 'SPF authentication failed with a permanent error'),
  },
  'check.dkim': {
    none: dkim('no_sig_action', 'No DKIM signatures'),
    fail: dkim('broken_sig_action', 'No passing DKIM signatures'),
    temperror: {
      stage: 'body',
      usual: 'reject',
      reply: reply(421, '4.7.20', 'Temporary error during DKIM verification'),
    },
  },
  'check.dnsbl': {
    fail: {
      stage: 'sender',
      usual: 'reject',
      reply: reply(554, '5.7.0', 'Client identity is listed in the used DNSBL'),
    },
    temperror: { stage: 'sender', usual: 'reject', reply: reply(451, '4.7.0', 'DNS error during policy check') },
  },
  'check.rspamd': {
    fail: rspamd('reject_action', 'reject', 550, local),
    soft_reject: rspamd('soft_reject_action', 'reject', 450, local),
    add_header: rspamd('add_header_action', 'quarantine', 450, local),
    rewrite_subject: rspamd('rewrite_subj_action', 'quarantine', 450, local),
    temperror: rspamd('io_error_action', 'ignore', 451, 'Internal error during policy check'),
  },
  'check.milter': {
    fail: { stage: 'body', usual: 'reject', reply: reply(550, '5.7.1', local) },
    temperror: { stage: 'body', usual: 'reject', reply: reply(450, '4.7.1', local) },
  },
  'check.command': {
    fail: { stage: 'body', exitCode: 1, usual: 'reject', reply: commandReply },
    quarantine: { stage: 'body', exitCode: 2, usual: 'quarantine', reply: commandReply },
    temperror: { stage: 'body', usual: 'reject', reply: reply(450, '4.0.0', 'The check could not be run') },
  },
  'check.authorize_sender': {
    fail: { stage: 'sender', usual: 'reject', ...senderFindings.noMatch },
    temperror: { stage: 'sender', usual: 'reject', ...senderFindings.failed },
  },
  require_tls: {
    fail: {
      stage: 'sender',
      action: 'fail_action',
      usual: 'reject',
      reply: reply(550, '5.7.1', 'TLS conversation required'),
    },
  },
  require_matching_rdns: {
    fail: {
      stage: 'sender',
      action: 'fail_action',
      usual: 'quarantine',
      reply: reply(550, '5.7.25', 'rDNS name does not match source hostname'),
    },
    none: {
      stage: 'sender',
      action: 'fail_action',
      usual: 'quarantine',
      reply: reply(550, '5.7.25', 'No PTR record found'),
    },
  },
  require_mx_record: {
    fail: {
      stage: 'sender',
      action: 'fail_action',
      usual: 'quarantine',
      // Also where the name exists and has no MX records, as recorded (runtime-mta 13).
      reply: reply(550, '5.7.0', 'DNS error during policy check'),
    },
    null_mx: {
      stage: 'sender',
      action: 'fail_action',
      usual: 'quarantine',
      reply: reply(501, '5.7.27', 'Domain in MAIL FROM has null MX record'),
    },
  },
};

const otherCheck: Verdict = {
  stage: 'sender',
  action: 'fail_action',
  usual: 'reject',
  reply: reply(550, '5.7.0', 'Message rejected due to a local policy'),
};

/** `dmarc yes` decides like a check of the content, though it is none. */
export const dmarcVerdicts: Readonly<Record<string, Verdict>> = {
  fail: { stage: 'body', usual: 'reject', reply: reply(550, '5.7.1', 'DMARC check failed') },
  quarantine: { stage: 'body', usual: 'quarantine', reply: reply(550, '5.7.1', 'DMARC check failed') },
  temperror: { stage: 'body', usual: 'reject', reply: reply(450, '4.7.1', 'DMARC check failed') },
};

/** What a check of a module does when it says `word`; null: it lets the message pass. */
export function verdictOf(module: string, word: string): Verdict | null {
  if (word === 'pass') return null;
  const own = verdicts[module];
  const known = own?.[word];
  if (known !== undefined) return known;
  const { action: _, ...failing } = own?.fail ?? otherCheck;
  if (word === 'quarantine') return { ...failing, usual: 'quarantine' };
  return own?.fail ?? otherCheck;
}

/** Every word that some check may say. */
export const verdictWords: readonly string[] = [
  ...new Set(['pass', 'fail', 'quarantine', ...Object.values(verdicts).flatMap((own) => Object.keys(own))]),
];

/** The words that make a difference for a check of a module, other than `pass`. */
export function verdictsOf(module: string): readonly string[] {
  return [...new Set(['fail', 'quarantine', ...Object.keys(verdicts[module] ?? {})])];
}

export const verdictsOfDmarc: readonly string[] = Object.keys(dmarcVerdicts);
