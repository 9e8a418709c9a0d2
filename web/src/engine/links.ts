/** Permalinks, in a file of their own that is loaded with the first link. */
export * from "lockkeeper-engine/links";
export { default } from "lockkeeper-engine/links";
