import type { ElementName } from './namespaces';
import { type Field, one, optional, sequence } from './sequence';
import { boolean, float, type Shape, text } from './shape';

/** What a value is measured in. Power says of which mains it is. */
export interface Unit {
  readonly kind: UnitKind;
  readonly description: string;
  readonly units: string;
  /** The power of ten, as SI names it: `none`, `k`, `M`. */
  readonly scale: string;
  readonly mains?: { readonly hertz: number; readonly voltage: number; readonly isAc: boolean } | undefined;
}

function unit(prefix: 'oadr' | 'power'): Shape<Omit<Unit, 'kind'>> {
  return sequence({
    description: one(`${prefix}:itemDescription`, text),
    units: one(`${prefix}:itemUnits`, text),
    scale: one('scale:siScaleCode', text),
    mains: optional(
      'power:powerAttributes',
      sequence({
        hertz: one('power:hertz', float),
        voltage: one('power:voltage', float),
        isAc: one('power:ac', boolean),
      }),
    ),
  });
}

const OF_OPENADR = unit('oadr');
const OF_POWER = unit('power');

const UNITS = {
  'oadr:customUnit': OF_OPENADR,
  'oadr:current': OF_OPENADR,
  'oadr:currency': OF_OPENADR,
  'oadr:currencyPerKWh': OF_OPENADR,
  'oadr:currencyPerKW': OF_OPENADR,
  'oadr:frequency': OF_OPENADR,
  'oadr:temperature': OF_OPENADR,
  'power:voltage': OF_POWER,
  'power:energyApparent': OF_POWER,
  'power:energyReactive': OF_POWER,
  'power:energyReal': OF_POWER,
  'power:powerApparent': OF_POWER,
  'power:powerReactive': OF_POWER,
  'power:powerReal': OF_POWER,
} as const satisfies Partial<Record<ElementName, Shape<Omit<Unit, 'kind'>>>>;

export type UnitKind = keyof typeof UNITS;
const KINDS = Object.keys(UNITS) as UnitKind[];

/** The unit of what stands around it: the element's name says which. Those that are not known here are left out. */
export const unitOf: Field<Unit | undefined, true> = {
  isOptional: true,
  read: (parent) => {
    const kind = KINDS.find((known) => parent.child(known) !== undefined);
    const element = kind && parent.child(kind);
    return kind && element && { kind, ...UNITS[kind].read(element) };
  },
  write: (given, parent) => {
    if (given !== undefined) parent[given.kind] = UNITS[given.kind].write(given);
  },
};
