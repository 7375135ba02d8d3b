import type { ConfigSchema } from './config';

type Method = (...args: never[]) => unknown;

/** What an agent sees of its config: one object that always shows the present one. */
export interface ConfigView {
  readonly view: object;
  show(config: object): void;
}

/**
 * Makes the view of a config. That of a `z.object` is shown by another object, which is changed in place and costs
 * nothing to read; whatever else a schema may give (an array, a Map, an instance of a class), by one that asks the
 * config itself.
 */
export function configView(config: object, schema: ConfigSchema | undefined): ConfigView {
  const made = givesRecords(schema) && isPlain(config) ? new RecordView() : new LiveView(config);
  made.show(config);
  return made;
}

class RecordView implements ConfigView {
  readonly view = {};

  show(config: object): void {
    const { view } = this;
    for (const key of Reflect.ownKeys(view))
      if (!Object.hasOwn(config, key)) Reflect.deleteProperty(view, key);
    const prototype: unknown = Object.getPrototypeOf(config);
    if (Object.getPrototypeOf(view) !== prototype) Object.setPrototypeOf(view, prototype as object | null);
    for (const key of Reflect.ownKeys(config)) {
      const { enumerable = true } = Object.getOwnPropertyDescriptor(config, key) ?? {};
      // By definition, since a key may be `__proto__`.
      const value: unknown = Reflect.get(config, key);
      Object.defineProperty(view, key, { value, enumerable, configurable: true, writable: true });
    }
  }
}

class LiveView implements ConfigView {
  readonly view: object;
  private config: object;

  constructor(config: object) {
    this.config = config;
    this.view = new Proxy(Array.isArray(config) ? [] : {}, {
      get: (_target, key) => {
        const { config: present } = this;
        const value: unknown = Reflect.get(present, key, present);
        // What a Map or a private field gives, it gives to its own object only.
        const isMethod = typeof value === 'function' && key !== 'constructor' && !Object.hasOwn(present, key);
        return isMethod ? bound(value as Method, present) : value;
      },
      has: (_target, key) => Reflect.has(this.config, key),
      // Those that are fixed in the target have to be among them.
      ownKeys: (target) => [...new Set([...Reflect.ownKeys(this.config), ...Reflect.ownKeys(target)])],
      getOwnPropertyDescriptor: (target, key) => {
        const descriptor = Reflect.getOwnPropertyDescriptor(this.config, key);
        if (descriptor === undefined) return undefined;
        // A proxy may call fixed only what is fixed in its target.
        const isFixed = Reflect.getOwnPropertyDescriptor(target, key)?.configurable === false;
        return { ...descriptor, configurable: !isFixed, ...('value' in descriptor && { writable: true }) };
      },
      getPrototypeOf: () => Reflect.getPrototypeOf(this.config),
      set: () => false,
      defineProperty: () => false,
      deleteProperty: () => false,
    });
  }

  show(config: object): void {
    this.config = config;
  }
}

function bound(method: Method, to: object): unknown {
  return method.bind(to);
}

/** Whether all that a schema gives are plain records; told by its kind, since zod may be another copy. */
function givesRecords(schema: ConfigSchema | undefined): boolean {
  return (
    schema === undefined || (schema as { readonly def?: { readonly type?: unknown } }).def?.type === 'object'
  );
}

function isPlain(config: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(config);
  return prototype === Object.prototype || prototype === null;
}
