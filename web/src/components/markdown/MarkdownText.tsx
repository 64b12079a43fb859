import { type MouseEvent, useLayoutEffect, useRef } from 'react';
import { useGo } from '@/hooks/useGo';
import { renderMarkdown } from './render';

const LOOK = [
  'flex flex-col gap-2 [overflow-wrap:anywhere]',
  '[&_a]:text-accent [&_a]:underline [&_a]:underline-offset-2 [&_b]:font-semibold',
  '[&_:not(pre)>code]:rounded-input [&_:not(pre)>code]:bg-hover [&_:not(pre)>code]:px-1 [&_code]:font-mono [&_code]:text-small',
  '[&_pre]:overflow-x-auto [&_pre]:rounded-input [&_pre]:bg-hover [&_pre]:px-2 [&_pre]:py-1.5',
  '[&_blockquote]:flex [&_blockquote]:flex-col [&_blockquote]:gap-2 [&_blockquote]:border-l-2 [&_blockquote]:border-line-strong [&_blockquote]:pl-3 [&_blockquote]:text-muted',
  '[&_ol]:list-decimal [&_ol]:pl-6 [&_ul]:list-disc [&_ul]:pl-5 [&_hr]:border-line',
  '[&_table]:block [&_table]:overflow-x-auto [&_td]:border [&_td]:border-line [&_td]:px-2 [&_td]:py-1 [&_th]:border [&_th]:border-line [&_th]:px-2 [&_th]:py-1 [&_th]:text-left',
].join(' ');

interface Props {
  text: string;
  page?: string | undefined;
}

/** What people wrote, once the libraries that read it are there. */
export default function MarkdownText({ text, page }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const go = useGo();
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return;
    box.replaceChildren(renderMarkdown(text, page));
    // What is wider than the page scrolls inside itself, by keyboard too.
    for (const wide of box.querySelectorAll<HTMLElement>('pre, table')) wide.tabIndex = 0;
  }, [text, page]);
  const follow = (event: MouseEvent) => {
    const link = (event.target as Element).closest('a');
    const to = link?.getAttribute('href') ?? '';
    if (!to.startsWith('/') || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void go(to, { keepScroll: to.includes('#change-') });
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the links in it are followed by keyboard as clicks
    // biome-ignore lint/a11y/noStaticElementInteractions: what is pressed are the links in it
    <div ref={ref} className={LOOK} onClick={follow} />
  );
}
