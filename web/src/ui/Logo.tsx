/** Three hexagonal basalt columns; the front one carries the accent. */
export function Logo({ className = 'size-6' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <Column x={9.5} top={6} bottom={22} colors={['#8b97a8', '#4c5767', '#3a4350', '#2c343f']} />
      <Column x={22.5} top={9.5} bottom={23} colors={['#77828f', '#444e5c', '#343c48', '#272e38']} />
      <Column x={16} top={16} bottom={27.5} colors={['#a9b8ff', '#5f7bfa', '#4560e0', '#3349b8']} />
    </svg>
  );
}

interface ColumnProps {
  x: number;
  top: number;
  bottom: number;
  /** Cap, left, front and right face. */
  colors: readonly [string, string, string, string];
}

/** A hexagonal prism seen from above: half width 6.5, cap height 6. */
function Column({ x, top, bottom, colors: [cap, left, front, right] }: ColumnProps) {
  const [w, s, h] = [6.5, 3.3, 3];
  const face = (x1: number, y1: number, x2: number, y2: number) =>
    `M${x1} ${top + y1}L${x2} ${top + y2}V${bottom + y2}L${x1} ${bottom + y1}Z`;
  return (
    <>
      <path fill={left} d={face(x - w, 0, x - s, h)} />
      <path fill={front} d={face(x - s, h, x + s, h)} />
      <path fill={right} d={face(x + s, h, x + w, 0)} />
      <path
        fill={cap}
        d={`M${x - w} ${top}L${x - s} ${top - h}H${x + s}L${x + w} ${top}L${x + s} ${top + h}H${x - s}Z`}
      />
    </>
  );
}
