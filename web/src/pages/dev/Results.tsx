/** The grid of results between its panes, and long lists: what the SQL editor is made of. */
import { useState } from 'react';
import { Section } from '@/components/Page';
import { frozenPart, gutterWidth, layOut, limited } from '@/features/query/grid/columns';
import { ResultGrid } from '@/features/query/grid/ResultGrid';
import { START } from '@/features/query/grid/selection';
import { readResult } from '@/features/query/result/answer';
import { LabelChips } from '@/ui/LabelChips';
import { Progress } from '@/ui/Progress';
import { Splitter } from '@/ui/Splitter';
import { VirtualList } from '@/ui/VirtualList';
import { results, words } from './words';

const { frame } = readResult(results);
const WIDTHS = [110, 320, 130, 120, 220, 260, 260, 260];

export function Results() {
  const [height, setHeight] = useState(96);
  const [selection, setSelection] = useState(START);
  const [widths, setWidths] = useState(WIDTHS);
  if (!frame) return null;
  const columns = layOut(widths, new Set(), [0], gutterWidth(frame.rows));
  return (
    <Section title={words.results}>
      <div className="flex h-96 flex-col rounded-card border border-line">
        <div className="shrink-0" style={{ height }}>
          <VirtualList
            label={words.list}
            items={Array.from({ length: 5_000 }, (_, i) => `${words.longName}_${i + 1}`)}
            rowHeight={28}
            keyOf={(item) => item}
            className="h-full overflow-y-auto px-3 font-mono text-small"
          >
            {(item) => (
              <button type="button" className="block w-full truncate text-left leading-7 hover:bg-hover">
                {item}
              </button>
            )}
          </VirtualList>
        </div>
        <Splitter label={words.pane} value={height} min={60} max={240} onChange={setHeight} />
        <ResultGrid
          label={words.grid}
          frame={frame}
          order={undefined}
          columns={columns}
          selection={selection}
          onSelect={setSelection}
          sort={{ column: 1, descending: true }}
          onSort={() => {}}
          onResize={(column, width) => setWidths(widths.map((w, i) => (i === column ? limited(width) : w)))}
          menu={() => null}
          onOpen={() => {}}
          onCopy={() => {}}
          crowded={frozenPart(columns, 0).frozen > 1}
          className="min-h-0 flex-1"
        />
      </div>
      <Progress label={words.upload} done={62} total={100} />
      <LabelChips labels={{ team: 'shop', tier: 'gold', region: 'north' }} />
    </Section>
  );
}
