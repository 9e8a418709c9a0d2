import { effect } from "@preact/signals";
import { render } from "preact";
import { examples } from "./examples";
import { firstPath, replaceFiles, savedFiles, type File } from "./files";
import { place, type Place } from "./hash";
import "./navigate";
import { connect } from "./state";
import "./style/index.css";
import { App } from "./ui/App";

const migration = (text: string): File[] => [{ path: firstPath, text }];

/** The files that the address asks for; undefined when it asks for none. */
function filesOf(wanted: Place): File[] | undefined {
  if (wanted.kind === "new") return migration("");
  if (wanted.kind !== "example") return undefined;
  const example = examples.find((it) => it.id === wanted.id);
  return example && migration(example.sql);
}

const saved = savedFiles();
const first = filesOf(place.value) ?? saved?.files ?? migration(examples[0].sql);
replaceFiles(first, saved?.active ?? firstPath);
connect();
render(<App />, document.body);
effect(() => {
  const asked = filesOf(place.value);
  if (asked) replaceFiles(asked, firstPath);
});
