/** What the browser keeps between visits. Storage may be denied; then the page forgets, and works. A frame in another page keeps nothing. */
import { embedded } from "./embed";

const prefix = "lockkeeper.";

export function load(key: string): string | null {
  try {
    return localStorage.getItem(prefix + key);
  } catch {
    return null;
  }
}

export function save(key: string, value: string | null) {
  if (embedded) return;
  try {
    if (value === null) localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, value);
  } catch {
    // Denied, or full.
  }
}
