/** Light or dark: what the system says, until the reader decides otherwise. */
import { computed, effect, signal } from "@preact/signals";
import { load, save } from "./storage";

export type Theme = "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");
const systemTheme = signal<Theme>(system.matches ? "dark" : "light");
system.addEventListener("change", () => (systemTheme.value = system.matches ? "dark" : "light"));

const stored = load("theme");
const chosen = signal<Theme | null>(stored === "light" || stored === "dark" ? stored : null);

export const theme = computed<Theme>(() => chosen.value ?? systemTheme.value);

/** Going back to what the system says is no choice any more, so the page follows the system again. */
export function toggleTheme() {
  const other = theme.value === "dark" ? "light" : "dark";
  chosen.value = other === systemTheme.value ? null : other;
  save("theme", chosen.value);
}

effect(() => {
  if (chosen.value) document.documentElement.dataset.theme = chosen.value;
  else delete document.documentElement.dataset.theme;
});
