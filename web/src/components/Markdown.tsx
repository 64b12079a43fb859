import { useMemo } from 'react';
import { type Block, type Inline, readMarkdown } from '@/lib/markdown';
import { AppLink } from '@/ui/AppLink';

interface Props {
  text: string;
  /** The page whose lines `#change-1-L20` names; without one it stays text. */
  page?: string | undefined;
}

/** What people wrote, as elements: never as HTML. */
export function Markdown({ text, page }: Props) {
  const blocks = useMemo(() => readMarkdown(text), [text]);
  return (
    <div className="flex flex-col gap-2 [overflow-wrap:anywhere]">
      <Blocks blocks={blocks} page={page} />
    </div>
  );
}

const LINK = 'text-accent underline underline-offset-2';

function Blocks({ blocks, page }: { blocks: readonly Block[]; page: string | undefined }) {
  return blocks.map((block, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text is read anew as a whole
    <OneBlock key={at} block={block} page={page} />
  ));
}

function OneBlock({ block, page }: { block: Block; page: string | undefined }) {
  switch (block.kind) {
    case 'heading':
      return (
        <p className="font-semibold">
          <Inlines parts={block.children} page={page} />
        </p>
      );
    case 'code':
      return (
        <pre className="overflow-x-auto rounded-input bg-hover px-2 py-1.5 font-mono text-small">
          {block.text}
        </pre>
      );
    case 'quote':
      return (
        <blockquote className="flex flex-col gap-2 border-l-2 border-line-strong pl-3 text-muted">
          <Blocks blocks={block.children} page={page} />
        </blockquote>
      );
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List className={block.ordered ? 'list-decimal pl-6' : 'list-disc pl-5'}>
          {block.items.map((item, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <li key={at}>
              <Inlines parts={item} page={page} />
            </li>
          ))}
        </List>
      );
    }
    case 'rule':
      return <hr className="border-line" />;
    default:
      return (
        <p className="whitespace-pre-wrap">
          <Inlines parts={block.children} page={page} />
        </p>
      );
  }
}

function Inlines({ parts, page }: { parts: readonly Inline[]; page: string | undefined }) {
  return parts.map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: as above
    <OneInline key={at} part={part} page={page} />
  ));
}

function OneInline({ part, page }: { part: Inline; page: string | undefined }) {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return <code className="rounded-input bg-hover px-1 font-mono text-small">{part.text}</code>;
    case 'strong':
      return (
        <strong>
          <Inlines parts={part.children} page={page} />
        </strong>
      );
    case 'emphasis':
      return (
        <em>
          <Inlines parts={part.children} page={page} />
        </em>
      );
    case 'deleted':
      return (
        <del>
          <Inlines parts={part.children} page={page} />
        </del>
      );
    case 'line':
      return page ? (
        <AppLink to={`${page}#${part.hash}`} keepScroll className={LINK}>
          #{part.hash}
        </AppLink>
      ) : (
        `#${part.hash}`
      );
    default:
      return part.to.startsWith('/') ? (
        <AppLink to={part.to} className={LINK}>
          <Inlines parts={part.children} page={page} />
        </AppLink>
      ) : (
        <a href={part.to} target="_blank" rel="noreferrer noopener nofollow" className={LINK}>
          <Inlines parts={part.children} page={page} />
        </a>
      );
  }
}
