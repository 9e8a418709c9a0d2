/** From seconds to pixels and to words. */
import type { Column } from "./timeline";

/** Width of a statement that takes no time to speak of, in pixels. */
const instant = 34;
/** Added width for every tenfold of the time. The picture would show nothing else if it were to scale. */
const decade = 30;

export interface Place {
  /** Left edge, where the wait ends, right edge. */
  x: number;
  start: number;
  end: number;
}

const length = (seconds: number) => (seconds < 0.1 ? 0 : decade * Math.log10(1 + 10 * seconds));

/** How far the picture may be squeezed before it scrolls, and stretched. */
const squeezed = 0.6;
const stretched = 3;

/** Where each column lies when there are `width` pixels to fill. */
export function places(columns: Column[], width: number): Place[] {
  const natural = columns.reduce((sum, it) => sum + instant + length(it.wait) + length(it.work), 0);
  const stretch = natural > 0 && width > 0 ? Math.min(Math.max(squeezed, width / natural), stretched) : 1;
  let x = 0;
  return columns.map((it) => {
    const start = x + length(it.wait) * stretch;
    const end = start + (instant + length(it.work)) * stretch;
    const place = { x, start, end };
    x = end;
    return place;
  });
}

const units: [number, string][] = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
];

/** `≈ 20 min`: one unit, two digits. */
export function duration(seconds: number): string {
  if (seconds < 0.1) return "instant";
  if (seconds < 1) return "< 1 s";
  const [size, name] = units.find(([size]) => seconds >= size * 1.5) ?? units.at(-1)!;
  return `≈ ${Number((seconds / size).toPrecision(2)).toLocaleString("en")} ${name}`;
}

/** `10 k`, `1 M`, `1 B`. */
export function rowsInWords(rows: number): string {
  const [size, letter] = rows >= 1e9 ? [1e9, "B"] : rows >= 1e6 ? [1e6, "M"] : [1e3, "k"];
  return `${Number((rows / size).toPrecision(2))} ${letter}`;
}
