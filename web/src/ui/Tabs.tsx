import { Tabs as Primitive } from 'radix-ui';
import { type ReactNode, useLayoutEffect, useRef } from 'react';

export interface Tab {
  value: string;
  label: string;
  count?: number | undefined;
  content: ReactNode;
}

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  tabs: readonly Tab[];
}

/** Sections of which one shows; the chosen one belongs in the URL. */
export function Tabs({ label, value, onChange, tabs }: Props) {
  const list = useRef<HTMLDivElement>(null);
  // Where not all have room, the chosen one is seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another is chosen
  useLayoutEffect(() => {
    const chosen = list.current?.querySelector<HTMLElement>('[data-state="active"]');
    if (!list.current || !chosen) return;
    const { offsetLeft: left, offsetWidth: width } = chosen;
    list.current.scrollLeft = Math.max(0, left - (list.current.clientWidth - width) / 2);
  }, [value]);
  return (
    <Primitive.Root value={value} onValueChange={onChange}>
      <Primitive.List
        ref={list}
        aria-label={label}
        className="relative flex gap-1 overflow-x-auto border-b border-line"
      >
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-9 items-center gap-1.5 border-b-2 border-transparent px-3 whitespace-nowrap text-muted hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text focus-visible:-outline-offset-2"
          >
            {tab.label}
            {tab.count !== undefined && <Count>{tab.count}</Count>}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Content key={tab.value} value={tab.value} className="pt-4 outline-offset-4">
          {tab.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}

export const Count = ({ children }: { children: ReactNode }) => (
  <span className="rounded-full bg-hover px-1.5 text-caption font-medium text-muted tabular-nums">
    {children}
  </span>
);
