// node parse.mjs FILE...
// Reads playlists with hls-parser in strict mode, and prints one line per file that it does not accept. Exit code 1 when there is one.
import { readFileSync } from "node:fs";
import HLS from "hls-parser";

HLS.setOptions({ strictMode: true });
let refused = 0;
for (const file of process.argv.slice(2)) {
  try {
    const playlist = HLS.parse(readFileSync(file, "utf8"));
    console.log(`${file}: ${playlist.isMasterPlaylist ? `${playlist.variants.length} variants` : `${playlist.segments.length} segments`}`);
  } catch (error) {
    refused++;
    console.error(`${file}: ${error.message}`);
  }
}
process.exit(refused > 0 ? 1 : 0);
