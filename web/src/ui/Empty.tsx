/** What to do with an empty page. */
import { examples } from "../examples";
import { exampleHref } from "../hash";
import { chooseFiles } from "../open";
import { Prose } from "./Prose";

/** Where each tool has the SQL that it will run. */
const tools: readonly [string, string][] = [
  ["Alembic", "open the folder of the project: revisions are read as Python"],
  ["Django", "`manage.py sqlmigrate APP NUMBER` prints it"],
  ["Rails", "`structure.sql` is the schema; paste what the migration logs"],
  ["Flyway, goose, dbmate, sqitch, Liquibase, Prisma, Drizzle, Diesel …", "open the folder: marks and order are read"],
  ["Entity Framework", "`dotnet ef migrations script` prints it"],
];

export function Empty() {
  return (
    <div class="empty">
      <h2>Start here</h2>
      <p>
        Paste the SQL of a migration and read, before it runs, who waits for it, what PostgreSQL refuses, and what to
        write instead. Tables that the text does not create are taken to exist, with rows and traffic. Everything runs
        in your browser; nothing is sent.
      </p>
      <p class="actions">
        <button type="button" onClick={() => chooseFiles(false)}>
          Choose files…
        </button>
        <button type="button" onClick={() => chooseFiles(true)}>
          Choose a folder…
        </button>
        <span class="note">or drop them anywhere on the text</span>
      </p>
      <h3>Or start with one of these</h3>
      <ul class="cards">
        {examples.map(({ id, title, about }) => (
          <li key={id}>
            <a href={exampleHref(id)}>
              <strong>{title}</strong>
              <span>{about}</span>
            </a>
          </li>
        ))}
      </ul>
      <h3>From a tool</h3>
      <dl class="tools">
        {tools.map(([name, way]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Prose text={way} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
