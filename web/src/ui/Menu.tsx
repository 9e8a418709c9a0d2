/** A button that opens a short list of things to do. Escape, a choice, and a look elsewhere close it. */
import { useEffect, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";

export interface MenuItem {
  name: string;
  about?: string;
  href?: string;
  onChoose?: () => void;
}

export function Menu({ label, title, items }: { label: ComponentChildren; title?: string; items: MenuItem[] }) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const element = details.current;
      if (element?.open && !element.contains(event.target as Node)) element.open = false;
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("focusin", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("focusin", close);
    };
  }, []);
  const close = () => {
    if (details.current) details.current.open = false;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !details.current?.open) return;
    event.stopPropagation();
    close();
    details.current.querySelector("summary")?.focus();
  };
  return (
    <details class="menu" ref={details} onKeyDown={onKeyDown}>
      <summary title={title} aria-label={title}>
        {label}
      </summary>
      <ul>
        {items.map(({ name, about, href, onChoose }) => {
          const content = (
            <>
              {name}
              {about && <small>{about}</small>}
            </>
          );
          const choose = () => {
            close();
            onChoose?.();
          };
          return (
            <li key={name}>
              {href ? (
                <a href={href} onClick={choose}>
                  {content}
                </a>
              ) : (
                <button type="button" onClick={choose}>
                  {content}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </details>
  );
}
