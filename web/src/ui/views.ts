/** What no visitor sees first, in a file of its own. */
export { FixPanel } from "./fix/FixPanel";
export { KeysDialog } from "./KeysDialog";
export { Locks } from "./locks/Locks";
export { OutputPanel } from "./output/OutputPanel";
export { RuleDialog } from "./RuleDialog";
export { SchemaPanel } from "./SchemaPanel";
export { Settings } from "./Settings";
export { ShareDialog } from "./share/ShareDialog";
export { SyntaxPanel } from "./SyntaxPanel";
export { Verify } from "./verify/Verify";
