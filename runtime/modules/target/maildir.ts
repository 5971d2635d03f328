import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { targetMaildir } from '../../../compiler/catalog/modules/target.maildir.ts';
import { type Delivery, type Message, type ModuleDefinition, type Reply, ReplyError } from '../../module.ts';
import { reasonOf } from '../../reason-of.ts';
import { finalCopy } from './final-copy.ts';
import { isMaildir, prepareMaildir, type WrittenMessage, writeMessage } from './maildir-file.ts';
import { maildirPath } from './maildir-path.ts';

type Config = ConfigOf<typeof targetMaildir>;

const replies = {
  noMailbox: { code: 550, enhanced: '5.1.1', text: 'No such mailbox' },
  noSpace: { code: 452, enhanced: '4.3.1', text: 'Insufficient system storage' },
  overQuota: { code: 452, enhanced: '4.2.2', text: 'Mailbox is full' },
  unavailable: { code: 451, enhanced: '4.3.0', text: 'Mailbox is not available now' },
} satisfies Record<string, Reply>;

const fates: ReadonlyMap<string, Reply> = new Map([
  ['ENOSPC', replies.noSpace],
  ['EDQUOT', replies.overQuota],
  ['ENAMETOOLONG', replies.noMailbox],
]);

/** `target.maildir`, an extension of ours: delivers into Maildirs below a directory. */
export const maildir: ModuleDefinition<Config> = {
  name: 'target.maildir',
  create(config, { stateDir }) {
    const { path = '' } = config;
    return {
      target: { start: (_, from) => new MaildirDelivery(config, (to) => maildirPath(path, stateDir, to), from) },
    };
  },
};

class MaildirDelivery implements Delivery {
  readonly #config: Config;
  readonly #pathOf: (recipient: string) => string | null;
  readonly #from: string;
  readonly #recipients: { readonly to: string; readonly path: string }[] = [];
  #written: WrittenMessage[] = [];

  constructor(config: Config, pathOf: (recipient: string) => string | null, from: string) {
    this.#config = config;
    this.#pathOf = pathOf;
    this.#from = from;
  }

  addRecipient(to: string): void | Promise<void> {
    const path = this.#pathOf(to);
    if (path === null) throw new ReplyError(replies.noMailbox);
    const add = (): void => void this.#recipients.push({ to, path });
    if (this.#config.create) return add();
    return isMaildir(path).then((exists) => {
      if (!exists) throw new ReplyError(replies.noMailbox);
      add();
    });
  }

  async body(message: Message, perRecipient: ((to: string, error: ReplyError | null) => void) | null): Promise<void> {
    for (const { to, path } of this.#recipients) {
      try {
        const directory = await prepareMaildir(path, message.context.quarantined ? this.#config.junk_folder : '');
        this.#written.push(await writeMessage(directory, finalCopy(message, { from: this.#from, to: [to] })));
        perRecipient?.(to, null);
      } catch (error) {
        const refusal = toReplyError(error);
        if (perRecipient === null) throw refusal;
        perRecipient(to, refusal);
      }
    }
  }

  async commit(): Promise<void> {
    const written = this.#written;
    this.#written = [];
    try {
      for (const message of written) await message.publish();
    } catch (error) {
      throw toReplyError(error);
    }
  }

  async abort(): Promise<void> {
    const written = this.#written;
    this.#written = [];
    for (const message of written) await message.discard();
  }
}

function toReplyError(error: unknown): ReplyError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const reason = reasonOf(error);
  return new ReplyError(fates.get(code) ?? replies.unavailable, { reason, target: 'target.maildir' }, { cause: error });
}
