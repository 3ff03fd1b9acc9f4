import { correction, generate } from 'lean-qr';
import { useMemo } from 'react';

/** A QR code as one path; black on white also at night, because cameras want it so. */
export function Qr({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => qrPath(text), [text]);
  return (
    <svg className="qr" role="img" aria-label={label} viewBox={`-4 -4 ${size + 8} ${size + 8}`} shapeRendering="crispEdges">
      <rect x={-4} y={-4} width={size + 8} height={size + 8} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

export function qrPath(text: string): { path: string; size: number } {
  // A long text in coarse modules is read more surely than in fine ones with more to repair them by.
  const code = generate(text, { minCorrectionLevel: text.length > 300 ? correction.L : correction.M });
  let path = '';
  for (let y = 0; y < code.size; ++y)
    for (let x = 0; x < code.size; ++x) if (code.get(x, y)) path += `M${x} ${y}h1v1h-1z`;
  return { path, size: code.size };
}
