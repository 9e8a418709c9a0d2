import { versions } from "../contract";
import { examples } from "../examples";
import { exampleHref } from "../hash";
import { keysShown, runNow } from "../keys";
import { byVersion, choosePostgres, postgres } from "../state";
import { share } from "../share/share";
import { theme, toggleTheme } from "../theme";
import { countsInWords } from "../versions";
import { Logo, ThemeIcon } from "./icons";
import { Menu } from "./Menu";

/** What the reader would get with another server, where that is not the same. */
function says(version: (typeof versions)[number]): string {
  const [there, here] = [byVersion.value.get(version), byVersion.value.get(postgres.value)];
  if (!there || !here) return "";
  const words = countsInWords(there.summary) || "no findings";
  return words === (countsInWords(here.summary) || "no findings") ? "" : ` – ${words}`;
}

export function Header() {
  const other = theme.value === "dark" ? "light" : "dark";
  return (
    <header>
      <h1>
        <Logo />
        Lockkeeper
      </h1>
      <p class="tagline">what a migration does to a live PostgreSQL</p>
      <nav aria-label="Tools">
        <a href="#new">New</a>
        <a href="./rules/">Rules</a>
        <Menu
          label="Examples"
          items={examples.map(({ id, title, about }) => ({ name: title, about, href: exampleHref(id) }))}
        />
        <button type="button" class="share-button" onClick={() => void share()} title="Ctrl-S">
          Share
        </button>
        <button type="button" class="verify-button wide" onClick={runNow} title="Ctrl-Enter">
          Verify
        </button>
        <label>
          <span>PostgreSQL</span>
          <select
            value={postgres.value}
            onChange={(event) => {
              const chosen = Number(event.currentTarget.value);
              choosePostgres(versions.find((version) => version === chosen) ?? postgres.value);
            }}
          >
            {versions.map((version) => (
              <option key={version} value={version}>
                {version}
                {says(version)}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="theme wide"
          onClick={() => (keysShown.value = true)}
          aria-label="Keys"
          title="Keys: ?"
        >
          ?
        </button>
        <button
          type="button"
          class="theme"
          onClick={toggleTheme}
          aria-label={`Use ${other} colours`}
          title={`Use ${other} colours`}
        >
          <ThemeIcon theme={theme.value} />
        </button>
      </nav>
    </header>
  );
}
