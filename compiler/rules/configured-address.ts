import type { ModuleSpec } from '../catalog/define.ts';
import {
  type Endpoint,
  type EndpointFault,
  type EndpointOptions,
  isEndpointFault,
  parseEndpoint,
} from '../catalog/values/endpoint.ts';
import type { ExpandedArg } from '../expand/expanded.ts';
import type { Module, Program } from '../ir/ir.ts';
import type { Inventory } from '../ir/walk.ts';
import { dependsOnEnvironment } from '../ir/words.ts';

/** An address that is written in the file and can be read. */
export interface ConfiguredAddress {
  readonly module: Module;
  readonly role: 'listen' | 'connect';
  readonly word: ExpandedArg;
  readonly endpoint: Endpoint;
}

/** All of them in the order of the file, and those of one module. */
export class AddressBook implements Iterable<ConfiguredAddress> {
  readonly #all: readonly ConfiguredAddress[];
  readonly #byModule: ReadonlyMap<Module, readonly ConfiguredAddress[]>;

  constructor(byModule: ReadonlyMap<Module, readonly ConfiguredAddress[]>) {
    this.#byModule = byModule;
    this.#all = [...byModule.values()].flat();
  }

  [Symbol.iterator](): Iterator<ConfiguredAddress> {
    return this.#all[Symbol.iterator]();
  }

  of(module: Module, role: ConfiguredAddress['role']): readonly ConfiguredAddress[] {
    return (this.#byModule.get(module) ?? []).filter((each) => each.role === role);
  }
}

/** Addresses by module, for whoever looks at a configuration again and again. */
export class KeptAddresses {
  #runtimeDirectory: unknown;
  #byModule = new WeakMap<Module, readonly ConfiguredAddress[]>();

  /** Those that were found where paths of sockets began with the same folder. */
  below(runtimeDirectory: unknown): WeakMap<Module, readonly ConfiguredAddress[]> {
    if (this.#runtimeDirectory !== runtimeDirectory) this.#byModule = new WeakMap();
    this.#runtimeDirectory = runtimeDirectory;
    return this.#byModule;
  }
}

/** Addresses of endpoints, and those that modules connect to; what is malformed, or has a host that depends on the environment, is left out. */
export function addressesOf(program: Program, inventory: Inventory): readonly ConfiguredAddress[] {
  return [...addressesByModule(program, inventory).values()].flat();
}

export function addressesByModule(
  program: Program,
  inventory: Inventory,
  kept: KeptAddresses | null = null,
): ReadonlyMap<Module, readonly ConfiguredAddress[]> {
  const runtimeDirectory = program.globals.get('runtime_dir')?.value;
  const options = typeof runtimeDirectory === 'string' ? { udp: true, runtimeDirectory } : { udp: true };
  const keys = new Map<ModuleSpec, readonly string[]>();
  const keysOf = (entry: ModuleSpec): readonly string[] => {
    let known = keys.get(entry);
    if (known === undefined) {
      known = (entry.rules ?? []).flatMap((rule) => ('check' in rule && rule.check === 'endpoints' ? [rule.key] : []));
      keys.set(entry, known);
    }
    return known;
  };
  const addressesIn = (module: Module): readonly ConfiguredAddress[] => {
    const found: ConfiguredAddress[] = [];
    const add = (role: ConfiguredAddress['role'], word: ExpandedArg): void => {
      const endpoint = dependsOnEnvironment(word.value)
        ? readButForPort(word.value, options)
        : parseEndpoint(word.value, options);
      if (!isEndpointFault(endpoint)) found.push({ module, role, word, endpoint });
    };
    for (const word of module.addresses) add('listen', word);
    for (const key of keysOf(module.entry)) for (const word of wordsFor(module, key)) add('connect', word);
    return found;
  };
  const known = kept?.below(runtimeDirectory);
  const byModule = new Map<Module, readonly ConfiguredAddress[]>();
  for (const module of inventory.modules) {
    if (module.addresses.length === 0 && keysOf(module.entry).length === 0) continue;
    const found = known?.get(module) ?? addressesIn(module);
    known?.set(module, found);
    if (found.length > 0) byModule.set(module, found);
  }
  return byModule;
}

/** Containers are often given their ports by variables: the rest of such an address is known, and the variable stands for itself. */
function readButForPort(text: string, options: EndpointOptions): Endpoint | EndpointFault {
  const [, before, port] = /^([^{]*:)(\{env:[^{}$]+\})$/.exec(text) ?? [];
  const unknown = { error: 'depends on the environment', hint: null };
  if (before === undefined || port === undefined) return unknown;
  const endpoint = parseEndpoint(`${before}1`, options);
  if (isEndpointFault(endpoint) || endpoint.network === 'unix') return unknown;
  return { ...endpoint, port, address: endpoint.address.replace(/1$/, port) };
}

/** The words that a property was read from, of its directive and of the arguments after the module's name. */
export function wordsFor(module: Module, key: string): readonly ExpandedArg[] {
  const property = module.config.get(key);
  if (property?.value === undefined) return [];
  const values = Array.isArray(property.value) ? property.value : [property.value];
  const words: ExpandedArg[] = [];
  for (const { args } of property.written) for (const word of args) words.push(word);
  if (module.name === null) for (const word of module.header.args) words.push(word);
  const byValue = words.length > fewWords ? new Map(words.toReversed().map((word) => [word.value, word])) : null;
  const found: ExpandedArg[] = [];
  for (const value of values) {
    if (typeof value !== 'string') continue;
    const word = byValue === null ? words.find((each) => each.value === value) : byValue.get(value);
    if (word !== undefined) found.push(word);
  }
  return found;
}

/** Among so many, looking at each is quicker than an index. */
const fewWords = 8;
