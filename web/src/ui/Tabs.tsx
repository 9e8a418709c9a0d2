/** A row of tabs after the ARIA pattern: one stop for Tab, arrow keys in between. */
import type { ComponentChildren } from "preact";

export interface Tab<Name extends string> {
  name: Name;
  label: ComponentChildren;
  title?: string;
}

interface Props<Name extends string> {
  label: string;
  /** Ids of the tabs start with it. */
  prefix: string;
  tabs: readonly Tab<Name>[];
  selected: Name;
  /** The id of the element that the tabs change. */
  controls: string;
  onSelect: (name: Name) => void;
}

export const tabId = (prefix: string, name: string) => `${prefix}-${name.replace(/[^\w-]/g, "_")}`;

export function Tabs<Name extends string>({ label, prefix, tabs, selected, controls, onSelect }: Props<Name>) {
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const at = tabs.findIndex((it) => it.name === selected);
    const target = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (target === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = tabs[(target + tabs.length) % tabs.length]!;
    onSelect(next.name);
    event.currentTarget.querySelector<HTMLElement>(`#${CSS.escape(tabId(prefix, next.name))}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map(({ name, label, title }) => (
        <button
          type="button"
          role="tab"
          key={name}
          id={tabId(prefix, name)}
          title={title}
          aria-selected={name === selected}
          aria-controls={controls}
          tabIndex={name === selected ? 0 : -1}
          onClick={() => onSelect(name)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
