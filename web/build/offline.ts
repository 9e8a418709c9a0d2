/** Tells the service worker which files there are. */
import type { Plugin } from "vite";

/** Fetched, and kept, only when someone needs it: the real server with its files, and the pages of the rules. */
const later =
  /^assets\/(postgres|pglite|pgdata|initdb|memfs2opfs|opfs-ahp|nodefs|__vite-browser-external)|^rules\/.*\.html$/;

/** From the folder `public`, which is copied beside the bundle. */
const published = ["favicon.svg"];

export const offline: Plugin = {
  name: "offline",
  apply: "build",
  enforce: "post",
  generateBundle: {
    // After the pages are written.
    order: "post",
    handler(_, bundle) {
      const worker = bundle["offline.js"];
      if (worker?.type !== "chunk") throw new Error("the service worker was not built");
      const all = [...Object.keys(bundle).filter((it) => it !== "offline.js"), ...published].sort();
      const files = JSON.stringify({ shell: all.filter((it) => !later.test(it)), all });
      worker.code = worker.code.replace(/(["'`])__FILES__\1/, () => JSON.stringify(files));
    },
  },
};
