/** Ways to take along what the page shows: a link, a report, a frame for another page. */
import { markdownReport, result } from "../../state";
import { longLink, savedEnding, shared } from "../../share/link";
import { saveFile } from "../../share/save";
import { made, type Made } from "../../share/share";
import { Dialog } from "../Dialog";
import { CopyButton } from "../Sql";

/** All that a link would hold, in a file that can be opened here again. */
function saveAsFile() {
  saveFile(`migrations${savedEnding}`, "application/json", JSON.stringify(shared(), null, 2));
}

/** The address of a page beside this one. */
const addressOf = (page: string, letters: string) => `${new URL(page, location.href.split("#")[0])}#${letters}`;

export function ShareDialog() {
  return (
    <Dialog
      label="Share"
      class="share"
      open={made.value.kind !== "closed"}
      onClose={() => (made.value = { kind: "closed" })}
    >
      <h2>Share</h2>
      <Content made={made.value} />
    </Dialog>
  );
}

function Content({ made }: { made: Made }) {
  if (made.kind === "closed") return null;
  if (made.kind === "failed") return <p class="mistake">{made.reason}</p>;
  return (
    <>
      <Link letters={made.letters} />
      {result.value && (
        <section>
          <h3>Report</h3>
          <p class="note">
            The findings with what to write instead, for an issue or a pull request: what{" "}
            <code>lockkeeper check --format markdown</code> prints.
          </p>
          <div class="actions">
            <CopyButton text={markdownReport} label="Copy Markdown" />
          </div>
        </section>
      )}
      {made.letters.length <= longLink && <Embed letters={made.letters} />}
    </>
  );
}

function Link({ letters }: { letters: string }) {
  const address = addressOf(".", letters);
  return (
    <section>
      <h3>Link</h3>
      {letters.length <= longLink ? (
        <>
          <Field label="Link to this page" text={address} />
          <p class="note">
            It holds the files, the server version and the settings in {letters.length.toLocaleString("en")} characters
            behind the <code>#</code>, which browsers send to nobody.
          </p>
        </>
      ) : (
        <p class="note">
          These files would make a link of {letters.length.toLocaleString("en")} characters, which many programs cut
          off. Send them as a file instead, which can be dropped on this page.
        </p>
      )}
      <div class="actions">
        <button type="button" onClick={saveAsFile}>
          Save as a file
        </button>
      </div>
    </section>
  );
}

function Embed({ letters }: { letters: string }) {
  const address = addressOf("embed.html", letters).replaceAll("&", "&amp;");
  const code = `<iframe src="${address}" title="Lockkeeper" width="100%" height="480" loading="lazy"></iframe>`;
  return (
    <section>
      <h3>Embed</h3>
      <Field label="HTML for another page" text={code} />
    </section>
  );
}

function Field({ label, text }: { label: string; text: string }) {
  return (
    <div class="field">
      <input readOnly aria-label={label} value={text} onFocus={(event) => event.currentTarget.select()} />
      <CopyButton text={text} />
    </div>
  );
}
