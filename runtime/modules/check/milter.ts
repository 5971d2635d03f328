import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { checkMilter } from '../../../compiler/catalog/modules/check.milter.ts';
import type { Resolver } from '../../dns/resolver.ts';
import type { MilterPlace } from '../../milter/connection.ts';
import { type MilterChange, type MilterDecision, MilterDialogue } from '../../milter/dialogue.ts';
import { connectionMacros, encryptionMacros, recipientMacros, senderMacros } from '../../milter/macros.ts';
import type { CheckRun, CheckVerdict, HeaderChange, Message, MessageContext, ModuleDefinition } from '../../module.ts';
import { endpointAddress } from '../../net/endpoint-address.ts';
import type { Logger } from '../../observe/log.ts';
import { reasonOf } from '../../reason-of.ts';
import { ownReply } from './own-reply.ts';

type Config = ConfigOf<typeof checkMilter>;

const name = 'check.milter';
const pass: CheckVerdict = { kind: 'pass' };

/** `check.milter`: a program of its own looks at the message by sendmail's protocol, and may add and change header fields. */
export const milter: ModuleDefinition<Config> = {
  name,
  create(config, { runtimeDir, hostname, resolver, hostLookup, log }) {
    const address = endpointAddress(config.endpoint ?? '', runtimeDir);
    const place = { address, ...(hostLookup !== undefined && { lookup: hostLookup }) };
    const shared = { place, failOpen: config.fail_open, hostname, resolver, log: log.unnamed };
    return { check: { start: (context) => new MilterRun({ ...shared, context }).stages } };
  },
};

interface Surroundings {
  readonly place: MilterPlace;
  readonly failOpen: boolean;
  readonly hostname: string;
  readonly resolver: Resolver;
  readonly context: MessageContext;
  readonly log: Logger;
}

/** Mail that is made here has no client; milters are told of this host (runtime-mta 13.5). */
const ownClient = { address: '127.0.0.1', port: 25, helo: 'localhost', encryption: null };

class MilterRun {
  readonly #surroundings: Surroundings;
  #dialogue: MilterDialogue | null = null;
  /** The milter has accepted the message, or cannot be asked and need not be. */
  #done = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  get stages(): CheckRun {
    return {
      connection: () => this.#guarded(() => this.#connect()),
      sender: (from) => this.#guarded((dialogue) => this.#sender(dialogue, from)),
      recipient: (to) =>
        this.#guarded(async (dialogue) => this.#verdict(await dialogue.recipient(to, recipientMacros(to)))),
      body: (message) => this.#guarded((dialogue) => this.#content(dialogue, message)),
      end: () => this.#close(),
    };
  }

  /** A dialogue that fails is no opinion about the message: its sender may try again, or with `fail_open` it goes on. */
  async #guarded(work: (dialogue: MilterDialogue) => Promise<CheckVerdict>): Promise<CheckVerdict> {
    if (this.#done) return pass;
    try {
      this.#dialogue ??= await MilterDialogue.open(this.#surroundings.place);
      return await work(this.#dialogue);
    } catch (error) {
      this.#close();
      const { context, failOpen, log } = this.#surroundings;
      const reason = reasonOf(error);
      const reply = { code: 451, enhanced: '4.7.1', text: 'I/O error during policy check' };
      if (!failOpen) return { kind: 'reject', reply, reason };
      log.error('milter cannot be asked, fail_open lets the message pass', error, { check: name, msg_id: context.id });
      return pass;
    }
  }

  async #connect(): Promise<CheckVerdict> {
    const dialogue = this.#dialogue;
    if (dialogue === null) return pass;
    const { context, hostname, resolver } = this.#surroundings;
    const client = context.client ?? ownClient;
    const macros = await connectionMacros(hostname, context.client, resolver);
    const verdict = this.#verdict(await dialogue.connect(client, macros));
    if (this.#done || verdict.kind !== 'pass') return verdict;
    return this.#verdict(await dialogue.helo(client.helo, encryptionMacros(client.encryption ?? null)));
  }

  async #sender(dialogue: MilterDialogue, from: string): Promise<CheckVerdict> {
    const { context } = this.#surroundings;
    const parameters = context.smtputf8 ? ['SMTPUTF8'] : [];
    return this.#verdict(await dialogue.mail(from, parameters, senderMacros(context, from)));
  }

  async #content(dialogue: MilterDialogue, message: Message): Promise<CheckVerdict> {
    const { decision, changes } = await dialogue.content(message);
    const verdict = this.#verdict(decision);
    this.#close();
    return verdict.kind === 'pass' ? this.#withChanges(changes) : verdict;
  }

  #withChanges(changes: readonly MilterChange[]): CheckVerdict {
    const { log, context } = this.#surroundings;
    const header: Buffer[] = [];
    const headerChanges: HeaderChange[] = [];
    let quarantine: string | null = null;
    for (const change of changes) {
      // Later ones stand above earlier ones (runtime-mta 13.5).
      if (change.kind === 'add') header.unshift(change.field);
      else if (change.kind === 'change') headerChanges.push(change);
      else if (change.kind === 'quarantine') quarantine = change.reason;
      else log.message('milter action is not supported', { check: name, msg_id: context.id, action: change.code });
    }
    const notes = { header, headerChanges };
    if (quarantine === null) return { ...pass, ...notes };
    return { ...notes, kind: 'quarantine', reply: ownReply(name, 'fail'), reason: quarantine };
  }

  #verdict(decision: MilterDecision): CheckVerdict {
    const { log, context } = this.#surroundings;
    switch (decision.kind) {
      case 'continue':
        return pass;
      case 'accept':
        this.#close();
        return pass;
      case 'reject':
        return { kind: 'reject', reply: ownReply(name, 'fail'), reason: 'the milter rejects the message' };
      case 'discard':
        log.message('milter action is not supported', { check: name, msg_id: context.id, action: 'discard' });
        return {
          kind: 'reject',
          reply: ownReply(name, 'temperror'),
          reason: 'the milter wants to discard the message',
        };
      case 'tempfail':
        return { kind: 'reject', reply: ownReply(name, 'temperror'), reason: 'the milter rejects the message for now' };
      case 'reply': {
        const { text } = ownReply(name, 'fail');
        const enhanced = decision.code < 500 ? '4.7.1' : '5.7.1';
        return {
          kind: 'reject',
          reply: { code: decision.code, enhanced, text },
          reason: `the milter replies ${decision.code}`,
        };
      }
    }
  }

  #close(): void {
    this.#done = true;
    this.#dialogue?.end();
    this.#dialogue = null;
  }
}
