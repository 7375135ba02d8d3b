/** Something that may be done now. */
export interface Disturbance {
  readonly text: string;
  readonly act: () => void;
}
