/** The whole engine, in a file of its own that is loaded with the first `.py` file or configuration. */
export * from "lockkeeper-engine/python";
export { default } from "lockkeeper-engine/python";
