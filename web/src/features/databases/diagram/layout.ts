/** Places tables so that references run from left to right, or downwards where there is no room. Pure. */
import { Graph as Layout, layout } from '@dagrejs/dagre';
import type { Entity, Graph } from './graph';

export const WIDTH = 232;
const HEAD = 34;
const LINE = 22;
const END = 6;

export interface Placed {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export const heightOf = ({ columns, more }: Entity): number =>
  HEAD + (columns.length + (more > 0 ? 1 : 0)) * LINE + END;

export function place({ entities, relations }: Graph, downwards = false): Placed[] {
  const linked = new Set(relations.flatMap(({ from, to }) => [from, to]));
  const sheet = new Layout({ multigraph: true });
  sheet.setGraph({ rankdir: downwards ? 'TB' : 'LR', nodesep: 28, ranksep: downwards ? 50 : 90 });
  sheet.setDefaultEdgeLabel(() => ({}));
  const drawn = entities.filter(({ id }) => linked.has(id));
  for (const entity of drawn) sheet.setNode(entity.id, { width: WIDTH, height: heightOf(entity) });
  for (const { id, from, to } of relations) sheet.setEdge(from, to, {}, id);
  if (drawn.length > 0) layout(sheet);
  const placed = drawn.map((entity): Placed => {
    const { x = 0, y = 0 } = sheet.node(entity.id);
    const height = heightOf(entity);
    return { id: entity.id, x: x - WIDTH / 2, y: y - height / 2, width: WIDTH, height };
  });
  const alone = entities.filter(({ id }) => !linked.has(id));
  const perRow = downwards ? 1 : Math.max(4, Math.ceil(Math.sqrt(alone.length * 1.5)));
  return [...placed, ...rows(alone, perRow, bottomOf(placed))];
}

const bottomOf = (placed: readonly Placed[]) =>
  Math.max(0, ...placed.map(({ y, height }) => y + height + 60));

/** Tables on their own stand in rows below the others. */
function rows(entities: readonly Entity[], perRow: number, top: number): Placed[] {
  const placed: Placed[] = [];
  let y = top;
  for (let i = 0; i < entities.length; i += perRow) {
    const row = entities.slice(i, i + perRow);
    for (const [column, entity] of row.entries()) {
      placed.push({
        id: entity.id,
        x: column * (WIDTH + 28),
        y,
        width: WIDTH,
        height: heightOf(entity),
      });
    }
    y += Math.max(...row.map(heightOf)) + 28;
  }
  return placed;
}
