/** A text with its findings underlined and the row under each statement, as the editor shows it, without an editor. */
import type { StatementEffects } from "../contract";
import { colour } from "../editor/colours";
import type { Remark } from "../remarks";
import { Lens, lensIsEmpty } from "./Lens";

/** A stretch of one line in one look. */
interface Piece {
  text: string;
  classes: string;
}

interface Props {
  text: string;
  /** Only SQL has colours. */
  language?: string;
  remarks: readonly Remark[];
  statements: readonly StatementEffects[];
  /** Lines are numbered. */
  numbers?: boolean;
}

export function Listing({ text, language = "sql", remarks, statements, numbers }: Props) {
  const lines = linesOf(text, language, remarks);
  const lenses = statements.filter((it) => !lensIsEmpty(it));
  return (
    <div class="listing" data-numbers={numbers}>
      {lines.map((pieces, index) => (
        <div key={index}>
          <div class="cm-line" data-line={index + 1}>
            {pieces.map(({ text, classes }, at) =>
              classes ? (
                <span class={classes} key={at}>
                  {text}
                </span>
              ) : (
                text
              ),
            )}
          </div>
          {lenses
            .filter((it) => it.end.line === index + 1)
            .map((statement) => (
              <div class="lens" key={statement.start.offset}>
                <Lens statement={statement} verified={undefined} />
              </div>
            ))}
        </div>
      ))}
    </div>
  );
}

function linesOf(text: string, language: string, remarks: readonly Remark[]): Piece[][] {
  const lines: Piece[][] = [[]];
  let offset = 0;
  const put = (text: string, classes: string) => {
    for (const part of cut(offset, text, remarks))
      lines.at(-1)!.push({ ...part, classes: `${classes} ${part.classes}`.trim() });
    offset += text.length;
  };
  const newLine = () => {
    lines.push([]);
    offset += 1;
  };
  if (language === "sql") {
    colour(text, put, newLine);
    return lines;
  }
  for (const [index, line] of text.split("\n").entries()) {
    if (index > 0) newLine();
    put(line, "");
  }
  return lines;
}

/** Cuts a text at the borders of the remarks in it. */
function cut(from: number, text: string, remarks: readonly Remark[]): Piece[] {
  const to = from + text.length;
  const inside = remarks.flatMap(({ start, end }) => [start.offset, end.offset]).filter((it) => from < it && it < to);
  const borders = [...new Set([from, ...inside, to])].sort((a, b) => a - b);
  return borders.slice(1).map((end, index) => {
    const start = borders[index]!;
    const remark = remarks.find((it) => it.start.offset <= start && end <= it.end.offset);
    const classes = remark ? `cm-lintRange cm-lintRange-${remark.severity}` : "";
    return { text: text.slice(start - from, end - from), classes };
  });
}
