import type { ElementName } from './namespaces';
import { ProtocolError } from './ProtocolError';
import type { Shape } from './shape';
import type { XmlContent, XmlRecord } from './writeXml';
import type { XmlElement } from './XmlElement';

/** A part of an element: one child, an optional one, or several. */
export interface Field<T, Optional extends boolean = boolean> {
  readonly isOptional: Optional;
  read(parent: XmlElement): T;
  write(value: T, parent: XmlRecord): void;
}

type Fields = Readonly<Record<string, Field<unknown>>>;
type FieldValue<F> = F extends Field<infer T> ? T : never;
type OptionalKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends Field<unknown, true> ? K : never;
}[keyof F];

/** What a sequence of such fields reads and writes. */
export type SequenceValue<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: FieldValue<F[K]>;
} & { readonly [K in OptionalKeys<F>]?: FieldValue<F[K]> };

/** An element with children. They are written in the order of the fields; when read, any order will do. */
export function sequence<F extends Fields>(fields: F): Shape<SequenceValue<F>> {
  const entries = Object.entries(fields) as [string, Field<unknown>][];
  return {
    read: (element) => {
      const values = entries.map(([key, field]) => [key, field.read(element)] as const);
      return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as SequenceValue<F>;
    },
    write: (value) => {
      const record: XmlRecord = {};
      for (const [key, field] of entries)
        field.write((value as Readonly<Record<string, unknown>>)[key], record);
      return record;
    },
  };
}

/** A child that has to be there. */
export function one<T>(name: ElementName, shape: Shape<T>): Field<T, false> {
  return {
    isOptional: false,
    read: (parent) => readNamed(name, required(parent, name), shape),
    write: (value, parent) => {
      parent[name] = shape.write(value);
    },
  };
}

/** A child that may be missing. One that is there and blank counts as missing. */
export function optional<T>(name: ElementName, shape: Shape<T>): Field<T | undefined, true> {
  return {
    isOptional: true,
    read: (parent) => {
      const child = parent.child(name);
      return child === undefined || child.isBlank ? undefined : readNamed(name, child, shape);
    },
    write: (value, parent) => {
      if (value !== undefined) parent[name] = shape.write(value);
    },
  };
}

/** Any number of children of a name. */
export function many<T>(name: ElementName, shape: Shape<T>): Field<readonly T[], false> {
  return {
    isOptional: false,
    read: (parent) => parent.childrenNamed(name).map((child) => readNamed(name, child, shape)),
    write: (values, parent) => {
      if (values.length > 0) parent[name] = values.map((value) => shape.write(value));
    },
  };
}

/** An element that stands around another one, and around nothing else. */
export function around<T>(name: ElementName, shape: Shape<T>): Shape<T> {
  return {
    read: (element) => readNamed(name, required(element, name), shape),
    write: (value): XmlContent => ({ [name]: shape.write(value) }),
  };
}

/** An empty element that the schema asks for. Peers that leave it out are understood. */
export function empty(name: ElementName): Field<undefined, true> {
  return {
    isOptional: true,
    read: () => undefined,
    write: (_value, parent) => {
      parent[name] = '';
    },
  };
}

function required(parent: XmlElement, name: ElementName): XmlElement {
  const child = parent.child(name);
  if (child !== undefined) return child;
  throw new ProtocolError(`${name} is missing`);
}

function readNamed<T>(name: ElementName, element: XmlElement, shape: Shape<T>): T {
  try {
    return shape.read(element);
  } catch (error) {
    throw error instanceof ProtocolError ? error.within(name) : error;
  }
}
