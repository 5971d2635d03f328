import { parseInt64 } from './numbers.ts';
import { misread, type Reading, read, type Words } from './reading.ts';

export type Reply = {
  readonly code: number;
  /** `5.7.1` */
  readonly enhanced: string;
  readonly text: string;
};

const defaultText = 'Message rejected due to a local policy';

/**
 * `[CODE [ENHANCED [TEXT]]]`, of `reject` and of the actions of checks. maddy looks at the text first and at the code last.
 * Without an enhanced code its class follows the code, also where maddy says 5.7.0 (D7). `offset` is the index of CODE.
 */
export function readReply(args: readonly string[], offset: number): Reading<Reply> {
  const [codeText, enhancedText, text] = args.slice(offset);
  if (args.length - offset > 3) return misread('too-many', 'invalid count of arguments', offset + 3);
  if (text === '') return misread('form', "message can't be empty", offset + 2, 'the text is empty');
  const enhanced = enhancedText === undefined ? null : readEnhanced(enhancedText, offset + 1);
  if (enhanced !== null && !enhanced.ok) {
    return isEnhanced(codeText) ? { ...enhanced, argument: offset, hint: codeFirst } : enhanced;
  }
  if (codeText === undefined) return read({ code: 554, enhanced: '5.7.0', text: defaultText });
  const code = parseInt64(codeText);
  if ('error' in code) {
    return misread(
      'form',
      `invalid error code integer: ${code.error}`,
      offset,
      isEnhanced(codeText) ? codeFirst : null,
    );
  }
  if (code.value < 400n || code.value > 599n) {
    return misread(
      'form',
      'error code should start with either 4 or 5',
      offset,
      'a refusal has a code from 400 to 599',
    );
  }
  return read({
    code: Number(code.value),
    enhanced: enhanced?.value ?? `${code.value < 500n ? 4 : 5}.7.0`,
    text: text ?? defaultText,
  });
}

const codeFirst = 'the code of three digits comes first: 550 5.1.1';

function isEnhanced(text: string | undefined): boolean {
  return text !== undefined && /^[45]\.\d+\.\d+$/.test(text);
}

/** In the form that is usual, which is the one that it is given back in. */
const plainEnhanced = /^[45](?:\.(?:0|[1-9]\d{0,2})){2}$/;

function readEnhanced(text: string, argument: number): Reading<string> {
  if (plainEnhanced.test(text)) return read(text);
  const parts = text.split('.');
  if (parts.length !== 3) {
    const hint =
      /\s/.test(text) || /^[A-Za-z]/.test(text) ? 'the enhanced code comes before the text: 550 5.1.1 "…"' : null;
    return misread('form', 'wrong amount of enhanced code parts', argument, hint);
  }
  const numbers: bigint[] = [];
  for (const part of parts) {
    const number = parseInt64(part);
    if ('error' in number) return misread('form', number.error, argument);
    numbers.push(number.value);
  }
  if (numbers[0] !== 4n && numbers[0] !== 5n) {
    const error = 'enhanced code should use either 4 or 5 as a first number';
    return misread('form', error, argument, 'a refusal begins with 4 or 5');
  }
  return read(numbers.join('.'));
}

export type FailAction = {
  readonly action: 'ignore' | 'quarantine' | 'reject';
  /** Null: the check's own reply is used. */
  readonly reply: Reply | null;
};

/** `ignore | quarantine [CODE …] | reject [CODE …]`; `offset` is the index of the action. */
export function readFailAction(words: Words, offset = 0): Reading<FailAction> {
  if (words.block === 'filled') return misread('block', "can't declare block here");
  const action = words.args[offset];
  switch (action) {
    case undefined:
      return misread('too-few', 'expected at least 1 argument');
    case 'ignore':
      return read({ action, reply: null });
    case 'quarantine':
    case 'reject': {
      if (words.args.length === offset + 1) return read({ action, reply: null });
      const reply = readReply(words.args, offset + 1);
      return reply.ok ? read({ action, reply: reply.value }) : reply;
    }
    default:
      return misread('form', 'invalid action', offset);
  }
}

export type CommandCode = FailAction & { readonly exitCode: number };

/** `EXIT_CODE ACTION [CODE …]` of check.command. */
export function readCommandCode(words: Words): Reading<CommandCode> {
  const [exitCode] = words.args;
  if (exitCode === undefined || words.args.length < 2) {
    return misread('too-few', 'at least two arguments are required: <code> <action>');
  }
  const code = parseInt64(exitCode);
  if ('error' in code) return misread('form', code.error, 0);
  const action = readFailAction(words, 1);
  return action.ok ? read({ exitCode: Number(code.value), ...action.value }) : action;
}
