/** Many questions of one moment as one call: rows of a list that each ask for the name behind an id. */

/** The rows of a page are drawn within it. */
const GATHER_MS = 10;

/** `ask` answers in the order of the names. */
export function batched<T>(ask: (names: string[]) => Promise<readonly T[]>): (name: string) => Promise<T> {
  let names: string[] = [];
  let answer: Promise<readonly T[]> | undefined;
  const send = () => {
    const all = names;
    names = [];
    answer = undefined;
    return ask(all);
  };
  return async (name) => {
    const place = names.push(name) - 1;
    answer ??= new Promise((done) => setTimeout(done, GATHER_MS)).then(send);
    const one = (await answer)[place];
    if (one === undefined) throw new Error(`no answer about ${name}`);
    return one;
  };
}
