/** Before and after in one column. The part of CodeMirror that compares texts is fetched when it is needed. */
import { useEffect, useRef } from "preact/hooks";
import type { UnifiedDiff } from "./unified";

export function Diff({ before, after }: { before: string; after: string }) {
  const parent = useRef<HTMLDivElement>(null);
  const shown = useRef<UnifiedDiff | null>(null);
  useEffect(() => {
    let gone = false;
    void import("./unified").then(({ UnifiedDiff }) => {
      if (gone || !parent.current) return;
      shown.current ??= new UnifiedDiff(parent.current);
      shown.current.show(before, after);
    });
    return () => {
      gone = true;
    };
  }, [before, after]);
  useEffect(() => () => shown.current?.destroy(), []);
  return <div class="diff" ref={parent} />;
}
