import type { ElementName } from './namespaces';

/** An element of a message that has been read. Its name has the prefix of `namespaces.ts`, whatever the peer's was. */
export class XmlElement {
  constructor(
    readonly name: string,
    readonly text: string,
    readonly children: readonly XmlElement[],
  ) {}

  /** Whether nothing is in it, as in `<venID/>`: peers write this where they have nothing to say. */
  get isBlank(): boolean {
    return this.text === '' && this.children.length === 0;
  }

  child(name: ElementName): XmlElement | undefined {
    return this.children.find((child) => child.name === name);
  }

  childrenNamed(name: ElementName): readonly XmlElement[] {
    return this.children.filter((child) => child.name === name);
  }
}
