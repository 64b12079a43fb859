/** A field of basalt columns: the picture beside the sign-in form. Pure decoration. */
const WIDTH = 480;
const HEIGHT = 320;
/** Heights (0..1) of the columns of each row, back to front. */
const ROWS: readonly (readonly number[])[] = [
  [0.98, 0.86, 0.94, 0.72, 0.8, 0.62, 0.7, 0.52, 0.6],
  [0.7, 0.78, 0.6, 0.66, 0.5, 0.56, 0.42, 0.46],
  [0.42, 0.5, 0.38, 0.46, 0.3, 0.4, 0.24, 0.34, 0.22],
  [0.2, 0.28, 0.16, 0.24, 0.12, 0.18, 0.08, 0.14],
];
/** Cap, left, front and right face of each row. */
const STONE: readonly (readonly [string, string, string, string])[] = [
  ['#2b323c', '#1b2129', '#171c23', '#12161c'],
  ['#343d49', '#222933', '#1c222b', '#151a21'],
  ['#3f4a58', '#28303b', '#212833', '#191f27'],
  ['#4c5868', '#303946', '#28303b', '#1e252f'],
];
const LIT: readonly [string, string, string, string] = ['#a9b8ff', '#5f7bfa', '#4560e0', '#3349b8'];

export function Columns({ className }: { className?: string }) {
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className={className}
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
    >
      {ROWS.flatMap((row, r) =>
        row.map((height, c) => {
          const lit = r === 2 && c === 3;
          const x = c * 60 + (r % 2 === 0 ? 0 : 30);
          const y = HEIGHT - height * (HEIGHT - 40) + r * 6;
          return <Prism key={`${x} ${y}`} x={x} y={y} faces={lit ? LIT : (STONE[r] ?? LIT)} />;
        }),
      )}
    </svg>
  );
}

function Prism({ x, y, faces }: { x: number; y: number; faces: readonly [string, string, string, string] }) {
  const [cap, left, front, right] = faces;
  const [w, s, h] = [30, 15, 9];
  return (
    <>
      <path fill={left} d={`M${x - w} ${y}L${x - s} ${y + h}V${HEIGHT}H${x - w}Z`} />
      <path fill={front} d={`M${x - s} ${y + h}H${x + s}V${HEIGHT}H${x - s}Z`} />
      <path fill={right} d={`M${x + s} ${y + h}L${x + w} ${y}V${HEIGHT}H${x + s}Z`} />
      <path
        fill={cap}
        d={`M${x - w} ${y}L${x - s} ${y - h}H${x + s}L${x + w} ${y}L${x + s} ${y + h}H${x - s}Z`}
      />
    </>
  );
}
