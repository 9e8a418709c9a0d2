/** A server in the page that says what the test wants of each statement. */

const none = { held: [], locks: [], rewrites: [], scans: [], indexBuilds: [], locksSeen: "direct", refusal: null };

export const lock = (mode) => ({ locks: [{ relation: "public.t", mode, kind: "r", new: false }] });
export const refused = (sqlstate, message) => ({ refusal: { sqlstate, message } });

/** Options for a visit. A list that ends with `goesOn` leaves the run as it is. */
export const withServer = (...seen) => ({
  prepare: (page) =>
    page.route("**/postgres-*.js", (route) => {
      const ended = seen.at(-1) !== goesOn;
      const reports = [
        // Twice, as one that was started for the run to come.
        { kind: "booting" },
        { kind: "booting" },
        { kind: "booted", version: "18.0" },
        { kind: "prepared", madeUp: [], seeded: ["public.t"] },
        ...seen.filter((it) => it !== goesOn).map((it, index) => ({ kind: "seen", index, seen: { ...none, ...it } })),
        ...(ended ? [{ kind: "done", milliseconds: 2 }] : []),
      ];
      const body = `onmessage = () => ${JSON.stringify(reports)}.forEach((it) => postMessage(it));`;
      return route.fulfill({ contentType: "text/javascript", body });
    }),
});

export const goesOn = Symbol("goes on");
