// Ready-made command lines for publishers.

const ffmpeg = (url) => `ffmpeg -re -i clip.mp4 -c:v libx264 -preset veryfast -g 60 -bf 0 -c:a aac \\
  -f mp4 -movflags frag_keyframe+empty_moov+default_base_moof -frag_duration 200000 \\
  '${url}'`;

const gstreamer = (url) => `gst-launch-1.0 -e videotestsrc is-live=true ! video/x-raw,width=1280,height=720,framerate=30/1 \\
  ! x264enc tune=zerolatency speed-preset=veryfast key-int-max=60 ! h264parse ! mux. \\
  audiotestsrc is-live=true ! avenc_aac ! mux. \\
  mp4mux name=mux fragment-duration=200 streamable=true \\
  ! curlhttpsink sync=false use-content-length=false location='${url}'`;

const obs = (url) => `Settings → Output → Recording, output mode Advanced:
Type                  Custom Output (FFmpeg)
FFmpeg Output Type    Output to URL
File path or URL      ${url}
Container Format      mp4
Muxer Settings        movflags=frag_keyframe+empty_moov+default_base_moof frag_duration=200000 method=PUT
Keyframe interval     60 frames (its default of 249 is 8 s)
Video / Audio Encoder libx264 / aac
Then press Start Recording.`;

const makers = { ffmpeg, GStreamer: gstreamer, OBS: obs };

/** Fills the panel: a choice of encoder, the broadcast's name, the command and a button that copies it. */
export function showPublish(panel) {
  const name = panel.querySelector("input[name=broadcast]");
  const code = panel.querySelector("pre");
  const copied = panel.querySelector("output");
  const write = () => {
    const maker = panel.querySelector("input[name=encoder]:checked").value;
    code.textContent = makers[maker](`${location.origin}/ingest/${name.value || "live/demo"}`);
    copied.textContent = "";
  };
  panel.addEventListener("input", write);
  panel.querySelector("button").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      copied.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(code);
      copied.textContent = "Selected: press Ctrl-C.";
    }
  });
  write();
}
