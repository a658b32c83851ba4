/** Heights of the bars in percent. They are an ornament, not a measurement. */
const BARS = [18, 30, 46, 34, 58, 72, 50, 82, 64, 94, 70, 88, 54, 76, 44, 62, 36, 48, 28, 16];

/** Lies behind the controls of a video without a picture. */
export function Waveform() {
  return (
    <svg
      className="player-sound absolute inset-0 m-auto h-2/5 text-white/25"
      viewBox="0 0 200 100"
      aria-hidden="true"
    >
      {BARS.map((height, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars never change.
          key={index}
          x={index * 10 + 2}
          y={(100 - height) / 2}
          width={6}
          height={height}
          rx={3}
          fill="currentColor"
        />
      ))}
    </svg>
  );
}
