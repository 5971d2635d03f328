import { setTimeout as wait } from 'node:timers/promises';
import { WireClient } from '../kit/wire-client.ts';
import type { Ledger } from './ledger.ts';

/** Commands that are sent before their replies are read (RFC 2920). */
const commandsAtOnce = 100;
/** Before a message is tried again (ms). */
const pause = 20;

/** A client with one connection, which tries each message until it is accepted, as a mail server does. */
export class Sender {
  readonly #port: number;
  readonly #ledger: Ledger;
  readonly #body: string;
  #client: WireClient | null = null;
  #isClosed = false;

  constructor(port: number, ledger: Ledger, size: number) {
    this.#port = port;
    this.#ledger = ledger;
    this.#body = 'A line of sixty-two characters and what is needed for its end\r\n'.repeat(Math.ceil(size / 64));
  }

  /** One message; each attempt has recipients of its own, for nobody knows what became of one without an answer. */
  async deliver(names: readonly string[]): Promise<void> {
    for (let attempt = 0; !this.#isClosed; attempt++) {
      const recipients = names.map((name) => `${name}-${attempt}@sink.test`);
      if (await this.#attempt(recipients)) {
        for (const recipient of recipients) this.#ledger.accept(recipient);
        return;
      }
      this.#ledger.refuse();
      await wait(pause);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#hangUp();
  }

  #hangUp(): void {
    this.#client?.destroy();
    this.#client = null;
  }

  async #attempt(recipients: readonly string[]): Promise<boolean> {
    const client = await this.#connected();
    if (client === null) return false;
    const commands = ['MAIL FROM:<sender@source.test>', ...recipients.map((recipient) => `RCPT TO:<${recipient}>`)];
    for (let at = 0; at < commands.length; at += commandsAtOnce) {
      const some = commands.slice(at, at + commandsAtOnce);
      client.send(some.map((command) => `${command}\r\n`).join(''));
      for (const _ of some) if (!/^2/.test(await client.reply())) return this.#giveUp();
    }
    if (!/^3/.test(await client.say('DATA'))) return this.#giveUp();
    client.send(`Subject: fault test\r\n\r\n${this.#body}.\r\n`);
    return /^2/.test(await client.reply()) || this.#giveUp();
  }

  /** With a new connection the next time, whatever is on this one. */
  #giveUp(): false {
    this.#hangUp();
    return false;
  }

  async #connected(): Promise<WireClient | null> {
    if (this.#client !== null) return this.#client;
    this.#client = await WireClient.connect(this.#port).catch(() => null);
    const client = this.#client;
    if (client === null) return null;
    if (!/^220/.test(await client.reply()) || !/^250/.test(await client.say('EHLO client.test'))) this.#hangUp();
    return this.#client;
  }
}
