import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { checkAuthorizeSender } from '../../../compiler/catalog/modules/check.authorize_sender.ts';
import type { ReplyValue } from '../../../compiler/plan/plan.ts';
import {
  judgeSender,
  type SenderPolicy,
  type SenderVerdict,
  senderFindings,
} from '../../../compiler/routing/checks/authorize-sender.ts';
import { drive } from '../../../compiler/routing/drive.ts';
import { settle } from '../../eventually.ts';
import { readAddresses } from '../../message/address-list.ts';
import type { CheckVerdict, Eventually, MessageContext, MessageHeader, ModuleDefinition, Table } from '../../module.ts';
import { reasonOf } from '../../reason-of.ts';
import { tableOf } from '../../resolve.ts';
import { applyAction, type FailAction } from './fail-action.ts';

type Config = ConfigOf<typeof checkAuthorizeSender>;

/** Runtime-core 16: what is said of header fields. */
const headerReplies = {
  missingFrom: { code: 550, enhanced: '5.7.0', text: 'Missing From header' },
  malformedFrom: { code: 550, enhanced: '5.7.0', text: 'Malformed From header' },
  severalFrom: { code: 550, enhanced: '5.7.0', text: 'Multiple From addresses are not allowed' },
  malformedSender: { code: 550, enhanced: '5.7.0', text: 'Malformed Sender header' },
} satisfies Record<string, ReplyValue>;

const pass: CheckVerdict = { kind: 'pass' };

/** `check.authorize_sender`: who is logged in may use only the addresses that the tables give to them. */
export const authorizeSender: ModuleDefinition<Config> = {
  name: 'check.authorize_sender',
  create(config, context) {
    const judge = new SenderJudge(config, {
      ...config,
      prepare_email: tableOf(context, config.prepare_email),
      user_to_email: tableOf(context, config.user_to_email),
    });
    return {
      check: {
        start: (message) => {
          // Nobody is logged in behind a bounce.
          if (message.client === null) return {};
          return {
            sender: (from) => judge.envelope(message, from),
            ...(config.check_header ? { body: ({ header }) => judge.header(message, header) } : {}),
          };
        },
      },
    };
  },
};

class SenderJudge {
  readonly #config: Config;
  readonly #policy: SenderPolicy<Table>;

  constructor(config: Config, policy: SenderPolicy<Table>) {
    this.#config = config;
    this.#policy = policy;
  }

  envelope({ auth }: MessageContext, address: string): Eventually<CheckVerdict> {
    return settle(
      () => drive(judgeSender(this.#policy, auth?.user ?? null, address), ({ table, key }) => table.lookup(key)),
      (verdict) => this.#verdict(verdict),
      (error) => this.#verdict('failed', reasonOf(error)),
    );
  }

  #verdict(verdict: SenderVerdict, reason?: string): CheckVerdict {
    if (verdict === 'authorized') return pass;
    const { action, reply } = senderFindings[verdict];
    return found(this.#config[action], reply, reason);
  }

  /** The From field must be the user's own; where it is not, Sender may be (RFC 5322 section 3.6.2). */
  async header(context: MessageContext, header: MessageHeader): Promise<CheckVerdict> {
    const { err_action } = this.#config;
    const from = header.get('From');
    if (from === null || from === '') return found(err_action, headerReplies.missingFrom);
    // Readers show any of them (RFC 5322 section 3.6 allows one).
    if (header.count('From') > 1) return found(err_action, headerReplies.severalFrom);
    const authors = readAddresses(from);
    const author = authors?.[0];
    if (authors === null || author === undefined) return found(err_action, headerReplies.malformedFrom);
    if (authors.length > 1) return found(err_action, headerReplies.severalFrom);
    const senderField = header.get('Sender') ?? '';
    const senders = senderField === '' ? [] : readAddresses(senderField);
    const sender = senders?.[0];
    if (senders === null || header.count('Sender') > 1 || (senderField !== '' && senders.length !== 1))
      return found(err_action, headerReplies.malformedSender);
    const verdict = await this.envelope(context, author);
    if (verdict.kind === 'pass' || sender === undefined || sender === author) return verdict;
    return this.envelope(context, sender);
  }
}

function found(action: FailAction, own: ReplyValue, reason = own.text): CheckVerdict {
  return applyAction(action, own, reason);
}
