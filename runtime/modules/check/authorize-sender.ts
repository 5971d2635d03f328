import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { checkAuthorizeSender } from '../../../compiler/catalog/modules/check.authorize_sender.ts';
import type { ReplyValue } from '../../../compiler/plan/plan.ts';
import { usernameNormalizers } from '../../../compiler/text/username.ts';
import { readAddresses } from '../../message/address-list.ts';
import type { CheckVerdict, MessageContext, MessageHeader, ModuleDefinition, Table } from '../../module.ts';
import { reasonOf } from '../../reason-of.ts';
import { tableOf } from '../../resolve.ts';
import { applyAction, type FailAction } from './fail-action.ts';

type Config = ConfigOf<typeof checkAuthorizeSender>;

/** Runtime-core 16. */
const replies = {
  notLoggedIn: { code: 530, enhanced: '5.7.0', text: 'Authentication required' },
  badSender: { code: 553, enhanced: '5.1.7', text: 'Unable to normalize sender address' },
  badUser: { code: 535, enhanced: '5.7.8', text: 'Unable to normalize authorization username' },
  failed: { code: 454, enhanced: '4.7.0', text: 'Internal error during policy check' },
  noMatch: { code: 553, enhanced: '5.7.0', text: 'Unauthorized use of sender address' },
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
    const policy = new SenderPolicy(
      config,
      tableOf(context, config.prepare_email),
      tableOf(context, config.user_to_email),
    );
    return {
      check: {
        start: (message) => {
          // Nobody is logged in behind a bounce.
          if (message.client === null) return {};
          return {
            sender: (from) => policy.judge(message, from),
            ...(config.check_header ? { body: ({ header }) => policy.judgeHeader(message, header) } : {}),
          };
        },
      },
    };
  },
};

class SenderPolicy {
  readonly #config: Config;
  readonly #prepare: Table;
  readonly #allowed: Table;

  constructor(config: Config, prepare: Table, allowed: Table) {
    this.#config = config;
    this.#prepare = prepare;
    this.#allowed = allowed;
  }

  async judge({ auth }: MessageContext, address: string): Promise<CheckVerdict> {
    const { unauth_action, no_match_action, err_action, auth_normalize, from_normalize } = this.#config;
    if (auth === null) return found(unauth_action, replies.notLoggedIn);
    const sender = usernameNormalizers[from_normalize](address);
    if (sender === null) return found(err_action, replies.badSender);
    const user = usernameNormalizers[auth_normalize](auth.user);
    if (user === null) return found(err_action, replies.badUser);
    try {
      const prepared = await this.#prepare.lookup(sender);
      const allowed = new Set(await this.#allowed.lookup(user));
      for (const candidate of prepared.length === 0 ? [sender] : prepared) {
        const at = candidate.lastIndexOf('@');
        if (at === -1) return found(err_action, replies.failed, `no @ in ${JSON.stringify(candidate)}`);
        if (allowed.has('*') || allowed.has(candidate) || allowed.has(candidate.slice(at + 1))) return pass;
      }
      return found(no_match_action, replies.noMatch);
    } catch (error) {
      return found(err_action, replies.failed, reasonOf(error));
    }
  }

  /** The From field must be the user's own; where it is not, Sender may be (RFC 5322 section 3.6.2). */
  async judgeHeader(context: MessageContext, header: MessageHeader): Promise<CheckVerdict> {
    const { err_action } = this.#config;
    const from = header.get('From');
    if (from === null || from === '') return found(err_action, replies.missingFrom);
    const authors = readAddresses(from);
    const author = authors?.[0];
    if (authors === null || author === undefined) return found(err_action, replies.malformedFrom);
    if (authors.length > 1) return found(err_action, replies.severalFrom);
    const senderField = header.get('Sender') ?? '';
    const senders = senderField === '' ? [] : readAddresses(senderField);
    const sender = senders?.[0];
    if (senders === null || (senderField !== '' && senders.length !== 1))
      return found(err_action, replies.malformedSender);
    const verdict = await this.judge(context, author);
    if (verdict.kind === 'pass' || sender === undefined || sender === author) return verdict;
    return this.judge(context, sender);
  }
}

function found(action: FailAction, own: ReplyValue, reason = own.text): CheckVerdict {
  return applyAction(action, own, reason);
}
