/** What to do with an empty page. */
import { examples } from "../examples";
import { exampleHref } from "../hash";

export function Empty() {
  return (
    <div class="empty">
      <h2>Start here</h2>
      <p>
        Paste the SQL of a migration and read, before it runs, who waits for it, what PostgreSQL refuses, and what to
        write instead. Tables that the text does not create are taken to exist, with rows and traffic. Everything runs
        in your browser; nothing is sent.
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
    </div>
  );
}
