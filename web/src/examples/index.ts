/** Migrations to try, each a file of SQL beside this one. */
import concurrently from "./concurrently.sql?raw";
import drop from "./drop.sql?raw";
import foreignKey from "./foreign-key.sql?raw";
import index from "./index.sql?raw";
import mistake from "./mistake.sql?raw";
import odds from "./odds.sql?raw";
import online from "./online.sql?raw";
import reindex from "./reindex.sql?raw";

export interface Example {
  /** Stands in the address, so it never changes. */
  id: string;
  title: string;
  about: string;
  sql: string;
}

/** The first one greets a new visitor. */
export const examples: readonly [Example, ...Example[]] = [
  {
    id: "odds",
    title: "A partitioned history table",
    about: "A primary key without its partition key, an index on a busy table, and a dropped column",
    sql: odds,
  },
  { id: "index", title: "An index on a live table", about: "Writes wait while it is built", sql: index },
  {
    id: "concurrently",
    title: "CONCURRENTLY in a transaction",
    about: "The right keyword in a place where PostgreSQL refuses it",
    sql: concurrently,
  },
  {
    id: "foreign-key",
    title: "A foreign key, NOT VALID",
    about: "Refused on partitioned tables up to 17, accepted by 18",
    sql: foreignKey,
  },
  { id: "drop", title: "Dropping things", about: "What goes with it, and who still reads it", sql: drop },
  { id: "reindex", title: "REINDEX and TRUNCATE", about: "Maintenance that stops traffic", sql: reindex },
  { id: "mistake", title: "A typing error", about: "One bad statement hides nothing but itself", sql: mistake },
  { id: "online", title: "A careful migration", about: "Nobody waits for it", sql: online },
];
