/**
 * The drawn diagram, by xyflow and dagre: loaded when somebody opens it. It can be looked at, moved and zoomed; the table
 * beside it says the same to those who cannot see it.
 */
import '@xyflow/react/dist/base.css';
import {
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import { KeyRound, Link2, Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { IconButton } from '@/ui/Button';
import type { Column, Entity, Graph } from './graph';
import { place } from './layout';

interface Props {
  graph: Graph;
  focus: string | undefined;
  onChoose: (entity: Entity) => void;
}

/** Narrower than this, references run downwards. */
const WIDE = 640;

interface Data extends Record<string, unknown> {
  entity: Entity;
  focus: boolean;
  downwards: boolean;
  onChoose: (entity: Entity) => void;
}

type EntityNode = Node<Data, 'entity'>;

const TYPES = { entity: EntityCard };
const FIT = { padding: 0.12, maxZoom: 1, duration: 0 };

export default function DiagramCanvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ graph, focus, onChoose }: Props) {
  const { t } = useTranslation();
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const downwards = width > 0 && width < WIDE;
  const nodes = useMemo<EntityNode[]>(() => {
    const places = new Map(place(graph, downwards).map((placed) => [placed.id, placed]));
    return graph.entities.map((entity) => {
      const at = places.get(entity.id);
      const data = { entity, focus: entity.id === focus, downwards, onChoose };
      const position = { x: at?.x ?? 0, y: at?.y ?? 0 };
      return { id: entity.id, type: 'entity', position, width: at?.width, height: at?.height, data };
    });
  }, [graph, focus, downwards, onChoose]);
  const edges = useMemo(
    () =>
      graph.relations.map(({ id, from, to }) => ({
        id,
        source: from,
        target: to,
        type: 'smoothstep',
        markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
      })),
    [graph],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another graph, or another screen, is seen whole again
  useEffect(() => {
    const frame = requestAnimationFrame(() => void flow.fitView(FIT));
    return () => cancelAnimationFrame(frame);
  }, [graph, flow, width]);
  return (
    <div className="schema-diagram relative h-[max(24rem,calc(100dvh-22rem))] overflow-hidden rounded-card border border-line bg-surface">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={TYPES}
        fitView
        fitViewOptions={FIT}
        minZoom={0.15}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        preventScrolling={false}
        zoomOnScroll={false}
        proOptions={{ hideAttribution: true }}
      />
      <div className="absolute right-2 bottom-2 flex rounded-button border border-line bg-raised">
        <IconButton size="sm" label={t('diagram.zoomIn')} onClick={() => void flow.zoomIn()}>
          <ZoomIn aria-hidden="true" />
        </IconButton>
        <IconButton size="sm" label={t('diagram.zoomOut')} onClick={() => void flow.zoomOut()}>
          <ZoomOut aria-hidden="true" />
        </IconButton>
        <IconButton size="sm" label={t('diagram.fit')} onClick={() => void flow.fitView(FIT)}>
          <Maximize aria-hidden="true" />
        </IconButton>
      </div>
    </div>
  );
}

function EntityCard({ data: { entity, focus, downwards, onChoose } }: NodeProps<EntityNode>) {
  const { t } = useTranslation();
  return (
    <div
      className={cn(
        'pointer-events-auto h-full overflow-hidden rounded-card border bg-raised text-small',
        focus ? 'border-accent ring-1 ring-accent' : 'border-line-strong/60',
      )}
    >
      <Handle type="target" position={downwards ? Position.Top : Position.Left} isConnectable={false} />
      <Handle type="source" position={downwards ? Position.Bottom : Position.Right} isConnectable={false} />
      <button
        type="button"
        onClick={() => onChoose(entity)}
        className="nodrag nopan flex h-[34px] w-full items-center border-b border-line bg-surface px-2.5 text-left font-medium hover:text-accent focus-visible:-outline-offset-2"
      >
        <span className="truncate">
          {entity.schema && entity.schema !== 'public' && (
            <span className="font-normal text-muted">{entity.schema}.</span>
          )}
          {entity.name}
        </span>
      </button>
      <ul>
        {entity.columns.map((column) => (
          <li key={column.name} className="flex h-[22px] items-center gap-1.5 px-2.5">
            <KeyMark column={column} />
            <span className="min-w-0 flex-1 truncate font-mono text-caption">{column.name}</span>
            <span className="max-w-24 truncate font-mono text-caption text-muted">{column.type}</span>
          </li>
        ))}
        {entity.more > 0 && (
          <li className="flex h-[22px] items-center px-2.5 pl-[1.6rem] text-caption text-muted">
            {t('diagram.more', { count: entity.more })}
          </li>
        )}
      </ul>
    </div>
  );
}

function KeyMark({ column }: { column: Column }) {
  const { t } = useTranslation();
  const className = 'size-3 shrink-0';
  if (column.key === 'primary') {
    return <KeyRound aria-label={t('diagram.primary')} className={cn(className, 'text-warning')} />;
  }
  if (column.key === 'foreign') {
    return <Link2 aria-label={t('diagram.foreign')} className={cn(className, 'text-info')} />;
  }
  return <span className={className} />;
}
