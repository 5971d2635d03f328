/** What stands for `{…}` in recorded text on this run. */
export interface Places {
  readonly stateDir: string;
  readonly runtimeDir: string;
  readonly testDir: string;
  readonly config: string;
  readonly argv0: string;
  readonly port: (name: string) => number;
}

/** Text with its places filled in; expected text keeps the placeholders that stand for many texts. */
export function fill(text: string, places: Places): string {
  return text.replace(/\{(?:(port):(\w+)|(\w+))\}/g, (whole, isPort, portName: string, name: string) => {
    if (isPort !== undefined) return String(places.port(portName));
    switch (name) {
      case 'state_dir':
        return places.stateDir;
      case 'runtime_dir':
        return places.runtimeDir;
      case 'test_dir':
        return places.testDir;
      case 'config':
        return places.config;
      case 'argv0':
        return places.argv0;
      default:
        return whole;
    }
  });
}

const base64 = (bytes: number): string => `[A-Za-z0-9+/]{${Math.ceil((bytes * 4) / 3)}}={0,2}`;

const patterns: Readonly<Record<string, string>> = {
  msgid: '[0-9a-f]{8}',
  date: '[A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}',
  uuid: '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}',
  cport: '[0-9]{1,5}',
  version: '[^"\\n]+',
  timestamp: '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z',
  pid: '[0-9]+',
  cookie: '[0-9a-f]{32}',
  reply4: '4[0-9]{2} 4\\.[0-9]{1,3}\\.[0-9]{1,3} .+',
  reply5: '5[0-9]{2} 5\\.[0-9]{1,3}\\.[0-9]{1,3} .+',
  reply: '(?:4[0-9]{2} 4|5[0-9]{2} 5)\\.[0-9]{1,3}\\.[0-9]{1,3} .+',
  text: '[^]*',
  os: '[a-z0-9]+',
  arch: '[a-z0-9]+',
  runtime: '[^\\n]+',
  exe: '[^\\n]+',
  stack: '[^]*',
  bcrypt53: '[./A-Za-z0-9]{53}',
  salt_b64_16B: base64(16),
  hash_b64_64B: base64(64),
};

/** The whole of an expected text, already filled in. */
export function patternOf(expected: string): RegExp {
  const source = expected
    .split(/(\{[A-Za-z0-9_]+\})/)
    .map((part) => patterns[part.slice(1, -1)] ?? part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^${source.join('')}$`, 'u');
}
