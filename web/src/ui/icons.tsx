/** Drawings of the page. All of them repeat what a word beside them says, so none is read aloud. */
import type { Blocks, Severity } from "../contract";
import { closedLanes } from "../locks/words";
import type { Theme } from "../theme";

/** The mitre gates of a canal lock, seen from above, with the water they hold. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <path class="water" d="M7 4h18v9.5L16 19l-9-5.5z" />
      <path class="gates" d="M7 13.5 16 19l9-5.5" />
      <path class="walls" d="M5 3v26M27 3v26" />
      <path class="ripple" d="M10.5 26q2.75-2.4 5.5 0t5.5 0" />
    </svg>
  );
}

export function SeverityIcon({ severity }: { severity: Severity }) {
  return (
    <svg class={`icon ${severity}`} viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">
      {severity === "error" && (
        <>
          <circle class="shape" cx="8" cy="8" r="7" />
          <path class="sign" d="m5.5 5.5 5 5m0-5-5 5" />
        </>
      )}
      {severity === "warning" && (
        <>
          <path class="shape" d="M8 1.2 15.4 14.4H.6z" />
          <path class="sign" d="M8 6v4m0 1.9v.3" />
        </>
      )}
      {severity === "info" && (
        <>
          <rect class="shape" x="1" y="1" width="14" height="14" rx="3" />
          <path class="sign" d="M8 4.2v.3M8 7.2v4.6" />
        </>
      )}
    </svg>
  );
}

/** Three lanes – reads, writes, schema changes – with a gate across each that is closed. */
export function Lanes({ blocks }: { blocks: Blocks }) {
  return (
    <svg class="lanes" viewBox="0 0 15 12" width="15" height="12" aria-hidden="true">
      {closedLanes[blocks].map((closed, lane) => (
        <rect class={closed ? "closed" : "open"} key={lane} x={lane * 5 + 0.5} y="0.5" width="4" height="11" rx="1" />
      ))}
    </svg>
  );
}

export function ThemeIcon({ theme }: { theme: Theme }) {
  return (
    <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" class="stroke">
      {theme === "dark" ? (
        <path d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7z" />
      ) : (
        <>
          <circle cx="10" cy="10" r="3.5" />
          <path d="M10 1.5v2m0 13v2m8.5-8.5h-2m-13 0h-2M16 4l-1.4 1.4M5.4 14.6 4 16m12 0-1.4-1.4M5.4 5.4 4 4" />
        </>
      )}
    </svg>
  );
}

export function CheckIcon() {
  return (
    <svg class="open-gate" viewBox="0 0 32 32" width="40" height="40" aria-hidden="true">
      <path class="walls" d="M5 3v26M27 3v26" />
      <path class="gates" d="m8 17 2-9m14 9-2-9" />
      <path class="ripple" d="M10.5 22q2.75-2.4 5.5 0t5.5 0m-11 4.5q2.75-2.4 5.5 0t5.5 0" />
    </svg>
  );
}
