/** What a rule's page does: it searches the list, and turns an example into an editor. */
import "../style/index.css";
import "../theme";

const search = document.querySelector<HTMLInputElement>('input[type="search"]');
search?.addEventListener("input", () => filter(search.value));

function filter(text: string) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const section of document.querySelectorAll<HTMLElement>("[data-hazard]")) {
    const hazard = section.dataset.hazard ?? "";
    let left = 0;
    for (const item of section.querySelectorAll<HTMLElement>("li")) {
      const content = `${item.textContent} ${item.dataset.category} ${hazard}`.toLowerCase();
      item.hidden = !words.every((word) => content.includes(word));
      if (!item.hidden) left += 1;
    }
    section.hidden = left === 0;
    found += left;
  }
  const status = document.querySelector('[role="status"]');
  if (status) status.textContent = words.length === 0 ? "" : `${found} ${found === 1 ? "rule" : "rules"}`;
}

for (const link of document.querySelectorAll<HTMLAnchorElement>("a.try")) {
  link.addEventListener("click", (event) => {
    // With a key held the link opens as links do.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    mount(link);
  });
}

/** Puts the live editor in place of the printed one; its link then leads to the whole page. */
function mount(link: HTMLAnchorElement) {
  const figure = link.closest("figure");
  if (!figure || figure.querySelector("iframe")) {
    location.href = link.href;
    return;
  }
  const frame = document.createElement("iframe");
  frame.src = `../embed.html#${link.dataset.letters}`;
  frame.title = "The example in the editor";
  for (const it of [...figure.children].filter((it) => it.tagName !== "FIGCAPTION")) it.remove();
  figure.append(frame);
  link.textContent = "Open in the playground";
}
