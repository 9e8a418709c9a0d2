/** As much of a browser as the page's modules look at when they load, for the time in which the build renders pages. */

const stubs = {
  location: { hash: "", pathname: "/", search: "", href: "http://localhost/" },
  document: { documentElement: { dataset: {}, style: {} } },
  addEventListener() {},
  matchMedia: () => ({ matches: false, addEventListener() {} }),
  Worker: class {
    postMessage() {}
    terminate() {}
  },
};

/** Runs `work` with the stubs in place. */
export async function withBrowser<T>(work: () => Promise<T>): Promise<T> {
  const before = Object.getOwnPropertyDescriptors(globalThis) as PropertyDescriptorMap;
  for (const [name, value] of Object.entries(stubs))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  try {
    return await work();
  } finally {
    for (const name of Object.keys(stubs)) {
      if (before[name]) Object.defineProperty(globalThis, name, before[name]);
      else Reflect.deleteProperty(globalThis, name);
    }
  }
}
