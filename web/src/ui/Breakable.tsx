import { Fragment } from 'react';

/** A long name in one word, INDEX_CREATE_CONCURRENTLY: it may break after an underscore, not in the middle of a word. */
export function Breakable({ text }: { text: string }) {
  const parts = text.split(/(?<=_)(?=[^_])/);
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
