// Runs inside a page before its own scripts, and before those that call it.
{
  const canvas = new OffscreenCanvas(640, 180);
  const g = canvas.getContext("2d", { willReadFrequently: true });
  // One bit a pixel of the middle of a picture, where the time code is.
  window.timecodeBits = (picture, width, height) => {
    g.drawImage(picture, 0, height / 4, width, height / 2, 0, 0, 640, 180);
    const px = g.getImageData(0, 0, 640, 180).data;
    const bits = new Uint8Array((640 * 180) / 8);
    for (let i = 0, p = 0; i < bits.length * 8; i++, p += 4) {
      if (299 * px[p] + 587 * px[p + 1] + 114 * px[p + 2] >= 126000) bits[i >> 3] |= 128 >> (i & 7);
    }
    return btoa(String.fromCharCode(...bits));
  };
}
