/** The mark of a judgement; the words beside it say the same. */
import type { Label } from "../../verify/compare";

export const labelWords: Record<Label, string> = {
  verified: "verified",
  assumed: "verified on an assumed schema",
  otherwise: "PostgreSQL says otherwise",
  measured: "only measured",
  unverifiable: "not verifiable here",
};

export function Mark({ label }: { label: Label }) {
  return (
    <svg class={`mark ${label}`} viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">
      {(label === "verified" || label === "assumed") && <path d="m3 8.5 3.2 3.2L13 4.8" />}
      {label === "otherwise" && <path d="M3 5.5h10M3 10.5h10M11 3 5 13" />}
      {label === "measured" && <path d="M3 8h10" />}
      {label === "unverifiable" && <path d="M5.6 6a2.4 2.4 0 1 1 3.4 2.2q-1 .5-1 1.6m0 2.6v.2" />}
    </svg>
  );
}
