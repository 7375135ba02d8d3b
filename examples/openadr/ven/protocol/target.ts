import { around, many, sequence } from './sequence';
import { text, type Value } from './shape';

/** Whom an event, a signal or a report is about. Places of the grid are not read. */
export const eiTarget = sequence({
  endDevices: many('power:endDeviceAsset', around('power:mrid', text)),
  meters: many('power:meterAsset', around('power:mrid', text)),
  groupIds: many('ei:groupID', text),
  groupNames: many('ei:groupName', text),
  resourceIds: many('ei:resourceID', text),
  venIds: many('ei:venID', text),
  partyIds: many('ei:partyID', text),
});
export type EiTarget = Value<typeof eiTarget>;

/** A target that names what is given, and nothing else. */
export function target(parts: Partial<EiTarget> = {}): EiTarget {
  return {
    endDevices: [],
    meters: [],
    groupIds: [],
    groupNames: [],
    resourceIds: [],
    venIds: [],
    partyIds: [],
    ...parts,
  };
}
