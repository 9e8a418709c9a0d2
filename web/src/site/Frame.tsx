/** What all pages beside the playground have around their text. */
import type { ComponentChildren } from "preact";
import { Logo } from "../ui/icons";

export function Frame({ here, children }: { here: "rule" | "rules"; children: ComponentChildren }) {
  return (
    <>
      <header>
        <a class="home" href="../">
          <Logo />
          Lockkeeper
        </a>
        <nav aria-label="Site">
          <a href="./" aria-current={here === "rules" ? "page" : undefined}>
            Rules
          </a>
          <a href="../">Playground</a>
        </nav>
      </header>
      <main>{children}</main>
    </>
  );
}
