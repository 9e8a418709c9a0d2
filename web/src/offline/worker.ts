/**
 * The service worker: after the first visit the page works without a network.
 *
 * Names of built files carry a hash, so one that is kept is right for ever. Pages have none: the network is asked first.
 * What is fetched only when someone needs it, such as the real server, is kept from then on.
 */

/** The build writes two lists of addresses here: what the first visit keeps, and all that this version consists of. */
const { shell, all } = JSON.parse("__FILES__") as { shell: string[]; all: string[] };
const cacheName = "lockkeeper";

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", hear: (event: Lasting) => void): void;
  addEventListener(type: "fetch", hear: (event: Fetching) => void): void;
}
const worker = self as unknown as Scope;

const addressOf = (file: string) => new URL(file, worker.registration.scope).href;

worker.addEventListener("install", (event) => event.waitUntil(keepShell()));
worker.addEventListener("activate", (event) => event.waitUntil(forgetOthers().then(() => worker.clients.claim())));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !url.href.startsWith(worker.registration.scope)) return;
  event.respondWith(request.mode === "navigate" ? page(request) : file(request));
});

async function keepShell() {
  const cache = await caches.open(cacheName);
  const kept = new Set((await cache.keys()).map((it) => it.url));
  const isPage = (name: string) => name.endsWith(".html");
  // What an older version kept under the same name has the same content.
  await cache.addAll(shell.filter((it) => isPage(it) || !kept.has(addressOf(it))).map(addressOf));
}

async function forgetOthers() {
  const cache = await caches.open(cacheName);
  const wanted = new Set(all.map(addressOf));
  const old = (await cache.keys()).filter((it) => !wanted.has(it.url));
  await Promise.all(old.map((it) => cache.delete(it)));
}

async function file(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(request)) ?? keep(cache, request.url, await fetch(request));
}

async function page(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const url = new URL(request.url);
  const key = `${url.origin}${url.pathname.replace(/\/$/, "/index.html")}`;
  try {
    return await keep(cache, key, await fetch(request));
  } catch (error) {
    const kept = await cache.match(key);
    if (kept) return kept;
    throw error;
  }
}

async function keep(cache: Cache, key: string, response: Response): Promise<Response> {
  if (response.ok) await cache.put(key, response.clone());
  return response;
}
