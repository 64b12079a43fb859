import { encode } from 'uqr';

/** Modules that stay empty around a code, so that cameras find it. */
const QUIET = 4;

/** A QR code, dark on light whatever the theme. Loaded when somebody needs one. */
export default function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET });
  const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-44 rounded-card border border-line bg-paper"
    >
      <path d={dark.join('')} className="fill-ink" />
    </svg>
  );
}
