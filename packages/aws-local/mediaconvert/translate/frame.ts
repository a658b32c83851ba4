import type { FrameCaptureSettings } from "../schema-video.ts";

/** Selects the frames to capture. It comes before the scaler, so that only these frames are scaled. */
export function captureFilters(capture: FrameCaptureSettings): string[] {
  const { framerateNumerator, framerateDenominator, maxCaptures } = capture;
  return [
    `fps=${framerateNumerator}/${framerateDenominator}:round=up:start_time=0`,
    // Ends the branch after its last frame.
    `trim=end_frame=${maxCaptures}`,
  ];
}

/** JPEG arguments. MediaConvert's quality of 1 to 100 maps to the encoder's scale of 14 to 2. */
export function captureArgs(capture: FrameCaptureSettings): string[] {
  const scale = Math.round(2 + (100 - capture.quality) / 8);
  const codec = ["-c:v", "mjpeg", "-q:v", String(scale), "-frames:v", String(capture.maxCaptures)];
  const files = ["-fps_mode", "passthrough", "-f", "image2", "-start_number", "0"];
  return [...codec, ...files];
}
