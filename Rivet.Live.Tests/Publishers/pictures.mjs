// Pictures that carry their number, as Support/IndexPattern.cs writes and reads them: sixteen blocks, black or white, the bits of the number.
const [black, white] = [40, 215];

/** Grey pictures 0, 1, 2, … */
export function* numberedPictures({ width, height, rate, seconds }) {
  for (let index = 0; index < rate * seconds; index++) {
    const picture = Buffer.alloc(width * height);
    for (let row = 0; row < height; row++) {
      for (let block = 0; block < 4; block++) {
        const bit = Math.floor(row * 4 / height) * 4 + block;
        picture.fill(index >> bit & 1 ? white : black, row * width + block * width / 4, row * width + (block + 1) * width / 4);
      }
    }
    yield picture;
  }
}

/** What ffmpeg needs to give one grey byte per block. */
export const blockMeans = ["-vf", "scale=4:4:flags=area,settb=1/1000,setpts=N", "-fps_mode", "passthrough", "-enc_time_base", "1:1000", "-pix_fmt", "gray", "-f", "rawvideo", "-"];

/** The numbers in what it gave. */
export const numbersIn = (bytes) => Array.from({ length: Math.floor(bytes.length / 16) }, (_, picture) =>
  Array.from({ length: 16 }, (_, bit) => bytes[picture * 16 + bit] > (black + white) / 2 ? 1 << bit : 0).reduce((sum, bit) => sum + bit, 0));
