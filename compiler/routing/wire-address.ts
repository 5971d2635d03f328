import type { ReplyValue } from '../plan/plan.ts';
import { asciiAddress } from '../text/address.ts';
import { isAscii } from '../text/ascii.ts';

/** Why an address that tables have made cannot be said to the next server (runtime-mta 7.2). */
export const unsendable = {
  senderNeedsUtf8: {
    code: 550,
    enhanced: '5.6.7',
    text: 'SMTPUTF8 is unsupported, cannot convert sender address',
  },
  recipientNeedsUtf8: {
    code: 553,
    enhanced: '5.6.7',
    text: 'SMTPUTF8 is unsupported, cannot convert recipient address',
  },
  controls: { code: 553, enhanced: '5.1.3', text: 'Address has characters that cannot be sent' },
} satisfies Record<string, ReplyValue>;

/** Only SMTPUTF8 can carry it: A-labels do not help (runtime-core 20.3). */
export function needsUtf8(address: string): boolean {
  return !isAscii(address) && asciiAddress(address) === null;
}

/** Rewritten addresses come from tables: a line end in one of them would be a command. */
export function hasControls(address: string): boolean {
  return /[\0-\x1f\x7f]/.test(address);
}

/** Whether a transaction with the next server, once it is open, can carry the addresses of its message. */
export class WireTransaction {
  readonly #sender: string;
  readonly #speaksUtf8: boolean;

  /** `smtputf8`: the message came with it. MAIL goes out with the first recipient; the next server is taken to offer SMTPUTF8. */
  constructor(sender: string, firstRecipient: string, smtputf8: boolean) {
    this.#sender = sender;
    this.#speaksUtf8 = smtputf8 || needsUtf8(sender) || needsUtf8(firstRecipient);
  }

  refusalOf(recipient: string): ReplyValue | null {
    if (hasControls(this.#sender) || hasControls(recipient)) return unsendable.controls;
    return this.#speaksUtf8 || !needsUtf8(recipient) ? null : unsendable.recipientNeedsUtf8;
  }
}
