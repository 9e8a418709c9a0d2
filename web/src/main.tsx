import { effect } from "@preact/signals";
import { render } from "preact";
import { bringText } from "./editor/editor";
import { examples } from "./examples";
import { place } from "./hash";
import "./navigate";
import { connect, text } from "./state";
import { load } from "./storage";
import "./style/index.css";
import { App } from "./ui/App";

/** The text that the address asks for; undefined when it asks for none. */
function textOf(wanted: typeof place.value): string | undefined {
  if (wanted.kind === "new") return "";
  if (wanted.kind === "example") return examples.find((it) => it.id === wanted.id)?.sql;
  return undefined;
}

text.value = textOf(place.value) ?? load("text") ?? examples[0].sql;
connect();
render(<App />, document.body);
effect(() => {
  const asked = textOf(place.value);
  if (asked !== undefined) bringText(asked);
});
