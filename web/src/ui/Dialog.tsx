/** A dialog over the page. Escape, its button, and a click beside it close it. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  label: string;
  open: boolean;
  onClose: () => void;
  class?: string;
  children: ComponentChildren;
}

export function Dialog({ label, open, onClose, class: name, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!open) {
      dialog.current?.close();
      return;
    }
    if (!dialog.current?.open) dialog.current?.showModal();
    dialog.current?.scrollTo(0, 0);
  }, [open, children]);
  const onClick = (event: MouseEvent) => {
    // A click on the backdrop has the dialog itself as its target.
    if (event.target === dialog.current) dialog.current?.close();
  };
  return (
    <dialog ref={dialog} class={name} aria-label={label} onClose={onClose} onClick={onClick}>
      <div class="document">
        <button type="button" class="close" onClick={() => dialog.current?.close()}>
          Close
        </button>
        {children}
      </div>
    </dialog>
  );
}
