/** Starts the service worker of the built page, when the page has nothing more urgent to do. */
import { embedded } from "../embed";

export function workOffline() {
  if (!import.meta.env.PROD || embedded || !("serviceWorker" in navigator)) return;
  // Denied, or not over HTTPS: then the page works with a network only.
  const register = () => void navigator.serviceWorker.register("./offline.js").catch(() => {});
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}
