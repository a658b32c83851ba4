/**
 * The decoders that inputs may use, by ffmpeg's names: the formats of cameras, phones, screen recorders,
 * editors and broadcasters. The other decoders are for games, old formats and images. They are hardly
 * tested against malicious files.
 */
const VIDEO = words(`
  h264 hevc libdav1d libaom-av1 av1 vp8 vp9 libvpx libvpx-vp9 mpeg1video mpeg2video mpegvideo
  mpeg4 h261 h263 h263i h263p flv msmpeg4 msmpeg4v1 msmpeg4v2 wmv1 wmv2 wmv3 vc1 theora vp3 vp6
  vp6a vp6f rv30 rv40 svq1 svq3 cinepak indeo3 indeo5 prores dnxhd cfhd hap dxv dvvideo ffv1
  ffvhuff huffyuv utvideo magicyuv lagarith hq_hqa hqx mjpeg mjpegb jpeg2000 libopenjpeg png qtrle
  rpza smc rawvideo v210 v308 v408 v410 r210 r10k yuv4 y41p ayuv zlib zmbv flashsv flashsv2 tscc
  camtasia tscc2 msrle msvideo1 g2m mss1 mss2 fraps speedhq notchlc dirac cavs gif 8bps
`);
const AUDIO = words(`
  aac aac_latm ac3 eac3 dca truehd mlp mp1 mp1float mp2 mp2float mp3 mp3float mp3adufloat
  mp3on4float opus libopus vorbis libvorbis flac alac als ape tta wavpack wmav1 wmav2 wmapro
  wmavoice wmalossless amrnb amrwb gsm gsm_ms libgsm libgsm_ms speex libspeex nellymoser cook sipr
  qdm2 qdmc mace3 mace6 g722 g726 g726le g723_1 g729 adpcm_ms adpcm_ima_wav adpcm_ima_qt adpcm_swf
  adpcm_yamaha s302m dvaudio dolby_e qcelp evrc ilbc
`);
const PCM = words(`
  alaw mulaw bluray dvd s8 s8_planar u8 s16be s16be_planar s16le s16le_planar s24be s24le
  s24le_planar s32be s32le s32le_planar s64be s64le u16be u16le u24be u24le u32be u32le f16le
  f24le f32be f32le f64be f64le lxf
`);

/** For tracks that are not used but that a probe opens. */
const OTHER = words(`
  ass ssa subrip srt mov_text text webvtt dvbsub dvdsub pgssub xsub cc_dec bmp
`);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

export const DECODER_WHITELIST = [
  ...VIDEO,
  ...AUDIO,
  ...PCM.map((format) => `pcm_${format}`),
  ...OTHER,
].join(",");
