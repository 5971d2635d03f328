import type { ExpandedArg } from '../expand/expanded.ts';
import type { Module, Program } from '../ir/ir.ts';
import { fieldsIn, isUse, moduleOf } from '../ir/ir.ts';
import { type Inventory, modulesNamed } from '../ir/walk.ts';
import { dependsOnEnvironment } from '../ir/words.ts';
import { resolvePath } from '../source/path.ts';
import { wordsFor } from './configured-address.ts';
import { firstValue, strings } from './property-values.ts';

/** A certificate with its key, as a `tls file` names them. */
export interface CertificateUse {
  readonly loader: Module;
  readonly certificate: NamedFile;
  readonly key: NamedFile;
  /** Host names of the endpoints that show it. */
  readonly hostnames: readonly string[];
}

export interface NamedFile {
  readonly path: string;
  readonly word: ExpandedArg | undefined;
}

/** Files whose names depend on the environment are left out. */
export function certificatesIn(program: Program, inventory: Inventory): readonly CertificateUse[] {
  return modulesNamed(inventory, 'tls.loader.file').flatMap((loader) => {
    const keys = filesOf(program, loader, 'keys');
    const hostnames = hostnamesFor(program, loader);
    return filesOf(program, loader, 'certs').flatMap((certificate, index) => {
      const key = keys[index];
      if (key === undefined || dependsOnEnvironment(certificate.path + key.path)) return [];
      return [{ loader, certificate, key, hostnames }];
    });
  });
}

function filesOf(program: Program, loader: Module, property: string): readonly NamedFile[] {
  const stateDirectory = program.globals.get('state_dir')?.value;
  const words = wordsFor(loader, property);
  return strings(loader, property).map((path, index) => ({
    path: resolvePath(typeof stateDirectory === 'string' ? stateDirectory : '/var/lib/maddy', path),
    word: words[index],
  }));
}

function hostnamesFor(program: Program, loader: Module): readonly string[] {
  const names = program.endpoints.flatMap((endpoint) => {
    const used = fieldsIn(firstValue(endpoint, 'tls'))?.loader;
    const hostname = firstValue(endpoint, 'hostname');
    return isUse(used) && moduleOf(used) === loader && typeof hostname === 'string' && !dependsOnEnvironment(hostname)
      ? [hostname]
      : [];
  });
  return [...new Set(names)];
}
