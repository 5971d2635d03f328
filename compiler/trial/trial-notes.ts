type Topic =
  | 'certificate'
  | 'login'
  | 'delivery'
  | 'check'
  | 'verdict'
  | 'table'
  | 'file'
  | 'key'
  | 'proxy'
  | 'endpoint'
  | 'log';

/** In the order in which somebody who tries a configuration wants to know. `names` is a list, `user` the trial's account. */
const words: { readonly [About in Topic]: (names: string, user: string) => string } = {
  delivery: (names) => `Nothing leaves this machine: what goes to ${names} becomes a file.`,
  login: (names, user) => `${names}: not asked, ${user} is the only account.`,
  certificate: () => 'TLS has a certificate that it signed itself: clients warn, or need an option as curl’s -k.',
  check: (names) => `Not asked, taken as passed: ${names}.`,
  verdict: (names) => `Not asked, taken as told: ${names}.`,
  table: (names, user) => `${names}: not asked, it knows ${user} and nobody else.`,
  file: (names, user) => `${names}: cannot be read here, so the table knows ${user} and nobody else.`,
  key: (names) => `${names}: signs with a new key, which is in no DNS.`,
  proxy: (names) => `proxy_protocol of ${names}: not expected.`,
  endpoint: (names) => `Not served, because maddyc leaves mailboxes to Dovecot: ${names}.`,
  log: () => 'The log goes to standard error (or where --log says), not where the file says.',
};

const topics = Object.keys(words).filter(isTopic);

/** What a trial does otherwise, each thing once. */
export class TrialNotes {
  readonly #names = new Map<Topic, Set<string>>();

  add(topic: Topic, name: string): void {
    const names = this.#names.get(topic) ?? new Set();
    this.#names.set(topic, names.add(name));
  }

  sentences(user: string): readonly string[] {
    return topics.flatMap((topic) => {
      const names = this.#names.get(topic);
      return names === undefined ? [] : [words[topic]([...names].join(', '), user)];
    });
  }
}

function isTopic(text: string): text is Topic {
  return Object.hasOwn(words, text);
}
