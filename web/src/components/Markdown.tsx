import { lazy, Suspense } from 'react';

const MarkdownText = lazy(() => import('./markdown/MarkdownText'));

interface Props {
  text: string;
  /** The page whose lines `#change-1-L20` names; without one it stays text. */
  page?: string | undefined;
}

/** What people wrote, never as HTML of theirs. As it was typed until what reads it is there. */
export function Markdown(props: Props) {
  return (
    <Suspense fallback={<p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{props.text}</p>}>
      <MarkdownText {...props} />
    </Suspense>
  );
}
