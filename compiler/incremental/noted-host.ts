import type { FileState, Host } from '../host.ts';

export type Answers = ReadonlyMap<string, FileState | undefined>;

const none: Answers = new Map();

/** Notes what is asked of another host, and its answers. */
export class NotedHost implements Host {
  readonly #host: Host;
  #answers = new Map<string, FileState | undefined>();

  constructor(host: Host) {
    this.#host = host;
  }

  get env(): Host['env'] {
    return this.#host.env;
  }

  read(path: string): FileState | undefined {
    const state = this.#host.read(path);
    this.#answers.set(path, state);
    return state;
  }

  /** What came since this was asked last. */
  take(): Answers {
    if (this.#answers.size === 0) return none;
    const answers = this.#answers;
    this.#answers = new Map();
    return answers;
  }
}

/** Whether the host would still answer so. */
export function wouldAnswer(host: Host, answers: Answers): boolean {
  for (const [path, state] of answers) if (!isSameState(state, host.read(path))) return false;
  return true;
}

function isSameState(one: FileState | undefined, other: FileState | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  switch (one.kind) {
    case 'text':
      return other.kind === one.kind && other.text === one.text;
    case 'bytes':
      return other.kind === one.kind && other.bytes === one.bytes;
    case 'unreadable':
      return other.kind === one.kind && other.reason === one.reason;
    default:
      return other.kind === one.kind;
  }
}
