import type { ExpandedDirective } from '../expand/expanded.ts';
import type { Origin } from '../source/origin.ts';
import type { Module } from './ir.ts';
import { spanOf } from './words.ts';

/** Where a property was written: the last directive of its name, else the module that it belongs to. */
export function placeOfProperty(module: Module, key: string): Origin {
  const directive = writtenFor(module, key);
  return directive === undefined ? module.header.origin : spanOf(directive);
}

/** The last directive that gave a property; undefined for defaults and for arguments after the module's name. */
export function writtenFor(module: Module, key: string): ExpandedDirective | undefined {
  return module.config.get(key)?.written.at(-1);
}
