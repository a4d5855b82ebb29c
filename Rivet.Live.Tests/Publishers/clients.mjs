// Encoders that push over HTTP, each with the command line that it is started with: the same ones for captures and for live runs.

const x264 = "-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 25 -keyint_min 25 -sc_threshold 0 -threads 1 -b:v 200k -maxrate 200k -bufsize 100k -c:a aac -b:a 48k -ac 1";
const fragments = "-f mp4 -movflags frag_keyframe+empty_moov+default_base_moof";
const gstVideo = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 bitrate=200 threads=1 ! video/x-h264,stream-format=avc ! queue ! mux.";
const gstAudio = "audioconvert ! avenc_aac bitrate=48000 ! aacparse ! queue ! mux.";
const gstMux = "mp4mux name=mux fragment-duration=500 streamable=true";

/**
 * What goes in. `numbered` pictures come on standard input as grey bytes; otherwise the client makes a moving test picture itself.
 * @returns how ffmpeg and GStreamer are told so.
 */
const inputs = ({ width, height, rate, seconds, numbered }) => ({
  ffmpeg: numbered
    ? `-re -f rawvideo -pix_fmt gray -video_size ${width}x${height} -framerate ${rate} -t ${seconds} -i pipe:0 -re -f lavfi -t ${seconds} -i sine=sample_rate=48000`
    : `-re -f lavfi -t ${seconds} -i testsrc2=size=${width}x${height}:rate=${rate} -re -f lavfi -t ${seconds} -i sine=sample_rate=48000`,
  gstVideo: numbered
    ? `fdsrc ! rawvideoparse format=gray8 width=${width} height=${height} framerate=${rate}/1 ! clocksync ! videoconvert`
    : `videotestsrc is-live=true num-buffers=${seconds * rate} ! video/x-raw,width=${width},height=${height},framerate=${rate}/1`,
  gstAudio: `audiotestsrc samplesperbuffer=960 num-buffers=${seconds * 50} ! audio/x-raw,rate=48000,channels=1 ! clocksync`,
});

/** What stands in OBS's muxer settings. */
export const obsMuxer = "movflags=frag_keyframe+empty_moov+default_base_moof frag_duration=200000 method=PUT";

/** A client per dialect: `command(url, inputs)` is a shell command; one that has none is driven by a script of its own, and `line` says what it does. */
export const clients = [
  { name: "ffmpeg-post", says: "ffmpeg, one long POST", command: (url, { ffmpeg }) => `ffmpeg ${ffmpeg} ${x264} ${fragments} -frag_duration 200000 ${url}` },
  { name: "ffmpeg-put-cmaf", says: "ffmpeg, one long PUT, CMAF with prft", command: (url, { ffmpeg }) => `ffmpeg ${ffmpeg} ${x264} -method PUT -f mp4 -movflags +frag_keyframe+empty_moov+default_base_moof+cmaf -frag_duration 200000 -write_prft wallclock ${url}` },
  {
    name: "ffmpeg-streams", says: "ffmpeg, a connection per track (DASH-IF interface 1)",
    command: (url, { ffmpeg }) => `ffmpeg ${ffmpeg} -map 0:v ${x264} ${fragments}+cmaf -frag_duration 200000 '${url}/Streams(video.cmfv)' -map 1:a ${x264} ${fragments}+cmaf -frag_duration 200000 '${url}/Streams(audio.cmfa)'`,
  },
  { name: "ffmpeg-dash", says: "ffmpeg -f dash, a PUT per segment", command: (url, { ffmpeg }) => `ffmpeg ${ffmpeg} ${x264} -f dash -method PUT -http_persistent 1 -seg_duration 1 -window_size 2 -extra_window_size 1 ${url}/out.mpd` },
  { name: "ffmpeg-dash-streaming", says: "ffmpeg -f dash, low latency", command: (url, { ffmpeg }) => `ffmpeg ${ffmpeg} ${x264} -f dash -method PUT -http_persistent 1 -seg_duration 1 -ldash 1 -streaming 1 -frag_type duration -frag_duration 0.2 -write_prft 1 -target_latency 3 ${url}/out.mpd` },
  { name: "ffmpeg-hls", says: "ffmpeg -f hls with fMP4 segments", command: (url, { ffmpeg }) => `ffmpeg ${ffmpeg} ${x264} -f hls -method PUT -http_persistent 1 -hls_segment_type fmp4 -hls_time 1 -hls_list_size 2 -hls_delete_threshold 1 -hls_flags delete_segments ${url}/live.m3u8` },
  { name: "gst-soup", says: "GStreamer souphttpclientsink, a PUT per buffer", command: (url, { gstVideo: video, gstAudio: audio }) => `gst-launch-1.0 -q -e ${gstMux} ! souphttpclientsink location=${url} ${video} ! ${gstVideo} ${audio} ! ${gstAudio}` },
  { name: "gst-curl", says: "GStreamer curlhttpsink, one long POST", command: (url, { gstVideo: video, gstAudio: audio }) => `gst-launch-1.0 -q -e ${gstMux} ! curlhttpsink location=${url} sync=false ${video} ! ${gstVideo} ${audio} ! ${gstAudio}` },
  { name: "gst-curl-pieces", says: "GStreamer curlhttpsink, a POST per buffer", command: (url, { gstVideo: video, gstAudio: audio }) => `gst-launch-1.0 -q -e ${gstMux} ! curlhttpsink location=${url} sync=false use-content-length=true ${video} ! ${gstVideo} ${audio} ! ${gstAudio}` },
  { name: "mediarecorder", says: "a browser's MediaRecorder over a WebSocket", line: "new MediaRecorder(STREAM, …).start(200); socket.send(event.data)" },
  { name: "obs", says: "OBS, Recording, Custom Output (FFmpeg)", line: `File path or URL: URL, container mp4, muxer settings: ${obsMuxer}` },
];

export const commandOf = (client, url, programme) => client.command(url, inputs(programme));

/** The command line as an operator would begin with it: what goes in, and how it is encoded, is their own. */
export const lineOf = (client) => client.command
  ? client.command("URL", { ffmpeg: "-re -i INPUT", gstVideo: "PICTURE", gstAudio: "SOUND" }).replaceAll(x264, "ENCODE").replace(gstVideo, "ENCODE ! mux.").replace(gstAudio, "ENCODE ! mux.")
  : client.line;
