import type { FrameCaptureSettings } from "../schema.ts";

/** Picks the frames to capture. Stands before the scaler, so that only these frames are scaled. */
export function captureFilters(capture: FrameCaptureSettings): string[] {
  const { framerateNumerator, framerateDenominator, maxCaptures } = capture;
  return [
    `fps=${framerateNumerator}/${framerateDenominator}:round=up:start_time=0`,
    // Ends this branch, so that nothing more is done for it once it has its frames.
    `trim=end_frame=${maxCaptures}`,
  ];
}

/** JPEG arguments. MediaConvert's quality of 1 to 100 becomes the encoder's scale of 14 to 2. */
export function captureArgs(capture: FrameCaptureSettings): string[] {
  const scale = Math.round(2 + (100 - capture.quality) / 8);
  return [
    ...["-c:v", "mjpeg", "-q:v", String(scale), "-frames:v", String(capture.maxCaptures)],
    ...["-fps_mode", "passthrough", "-f", "image2", "-start_number", "0"],
  ];
}
