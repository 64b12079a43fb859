/**
 * Places for streams that a tab keeps open beside the one of lib/live.ts. Over http:// a browser has six connections a
 * host for all of its tabs: without a bound, eight tabs that watch a log would leave none for their calls.
 */

/** With the event stream, and a second one while it is replaced: two are left for calls. */
const PLACES = 2;

/** Takes a place if one is free. Gives it back when the answer is called; null when there is none. */
export async function takeStreamPlace(): Promise<(() => void) | null> {
  // Without a secure context there are no locks. Then nothing is known of other tabs.
  if (!navigator.locks) return () => {};
  for (let place = 0; place < PLACES; place += 1) {
    const release = await take(`basalt.stream.${place}`);
    if (release) return release;
  }
  return null;
}

function take(name: string): Promise<(() => void) | null> {
  return new Promise((answer) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (!lock) {
          answer(null);
          return undefined;
        }
        return new Promise<void>((release) => answer(() => release()));
      })
      .catch(() => answer(null));
  });
}
