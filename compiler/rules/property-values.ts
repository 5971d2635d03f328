import { type Fields, fieldsIn, isList, isUse, type Module, moduleOf, type Value } from '../ir/ir.ts';

/** Values of a module's properties in the form that a rule asks for; nothing where they have another. */

export function firstValue(module: Module, key: string): Value | undefined {
  return module.config.get(key)?.value;
}

export function strings(module: Module, key: string): readonly string[] {
  return listOf(firstValue(module, key)).filter((each) => typeof each === 'string');
}

export function records(module: Module, key: string): readonly Fields[] {
  return listOf(firstValue(module, key)).flatMap((each): readonly Fields[] => {
    const fields = fieldsIn(each);
    return fields === undefined ? [] : [fields];
  });
}

/** The module that a property names or holds. */
export function moduleIn(module: Module, key: string): Module | undefined {
  const value = firstValue(module, key);
  return isUse(value) ? moduleOf(value) : undefined;
}

function listOf(value: Value | undefined): readonly Value[] {
  return isList(value) ? value : [];
}
