import { useLayoutEffect, useRef } from "preact/hooks";
import { mountEditor } from "../editor/editor";
import { Header } from "./Header";
import { Panel } from "./Panel";
import { RuleDialog } from "./RuleDialog";
import { StatusBar } from "./StatusBar";

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
  const parent = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (parent.current) mountEditor(parent.current);
  }, []);
  return <section class="editor" aria-label="Migration" ref={parent} />;
}
