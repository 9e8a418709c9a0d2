import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { mountEditor } from "../editor/editor";
import { activePath, text } from "../files";
import { droppedFiles, openFiles } from "../open";
import { FileTabs } from "./FileTabs";
import { embedded } from "../embed";
import { Header } from "./Header";
import { remarks, statements } from "../state";
import { Dialogs } from "./Later";
import { Listing } from "./Listing";
import { Panel } from "./Panel";
import { StatusBar } from "./StatusBar";
import { tabId } from "./Tabs";

/** `printed`: the build writes the text into the page, where the editor takes its place as soon as scripts run. */
export function App({ printed = false }: { printed?: boolean }) {
  return (
    <>
      {!embedded && <Header />}
      <main>
        {embedded && <h1 class="hidden">Lockkeeper</h1>}
        <EditorPane printed={printed} />
        <Panel />
      </main>
      <StatusBar />
      <Dialogs />
    </>
  );
}

function EditorPane({ printed }: { printed: boolean }) {
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
      <div class="editor" id="editor" role="tabpanel" aria-labelledby={tabId("file", activePath.value)} ref={parent}>
        {printed && <Listing text={text.value} remarks={remarks.value} statements={statements.value} numbers />}
      </div>
      {over.value && <p class="drop">Drop migrations or a folder of them</p>}
    </section>
  );
}
