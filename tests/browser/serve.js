/** A static file server as dumb as the dumbest host of the page. */
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Serves `folder` on a free port of this machine; gives `{ url, close }`. `gzip`: as a less dumb host would. */
export async function serve(folder, { gzip = false } = {}) {
  const bodies = new Map();
  /** The file from memory, once somebody has asked for it. */
  const bodyOf = async (file) => {
    if (!bodies.has(file)) {
      const body = await readFile(file);
      bodies.set(file, gzip ? gzipSync(body) : body);
    }
    return bodies.get(file);
  };
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    // Chromium asks for it where a page names no other.
    if (path === "/favicon.ico") return void response.writeHead(204).end();
    try {
      const body = await bodyOf(file);
      const head = { "content-type": types[extname(file)] ?? "application/octet-stream" };
      // Names of built files carry a hash.
      if (/^\/(assets|rules)\/.*-[\w-]{8}\.\w+$/.test(path)) head["cache-control"] = "max-age=31536000, immutable";
      if (gzip) head["content-encoding"] = "gzip";
      response.writeHead(200, head).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Connections that browsers keep open would keep the server alive, too.
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}
