import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { mountEditor } from "../editor/editor";
import { activePath } from "../files";
import { droppedFiles, openFiles } from "../open";
import { FileTabs } from "./FileTabs";
import { Header } from "./Header";
import { Panel } from "./Panel";
import { RuleDialog } from "./RuleDialog";
import { StatusBar } from "./StatusBar";
import { tabId } from "./Tabs";

export function App() {
  return (
    <>
      <Header />
      <main>
        <EditorPane />
        <Panel />
      </main>
      <StatusBar />
      <RuleDialog />
    </>
  );
}

function EditorPane() {
  const parent = useRef<HTMLDivElement>(null);
  const over = useSignal(false);
  useLayoutEffect(() => {
    if (parent.current) mountEditor(parent.current);
  }, []);
  const bringsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  return (
    <section
      class="source"
      aria-label="Migration"
      data-over={over.value || undefined}
      onDragOver={(event) => {
        if (!bringsFiles(event)) return;
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDropCapture={(event) => {
        over.value = false;
        if (!bringsFiles(event) || !event.dataTransfer) return;
        event.preventDefault();
        event.stopPropagation();
        void droppedFiles(event.dataTransfer).then(openFiles);
      }}
    >
      <FileTabs />
      <div class="editor" id="editor" role="tabpanel" aria-labelledby={tabId("file", activePath.value)} ref={parent} />
      {over.value && <p class="drop">Drop migrations or a folder of them</p>}
    </section>
  );
}
