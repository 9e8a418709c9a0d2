import { versions } from "../contract";
import { postgres } from "../state";
import { theme, toggleTheme } from "../theme";
import { Logo, ThemeIcon } from "./icons";

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
        <label>
          <span>PostgreSQL</span>
          <select
            value={postgres.value}
            onChange={(event) => {
              const chosen = Number(event.currentTarget.value);
              postgres.value = versions.find((version) => version === chosen) ?? postgres.value;
            }}
          >
            {versions.map((version) => (
              <option key={version} value={version}>
                {version}
              </option>
            ))}
          </select>
        </label>
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
