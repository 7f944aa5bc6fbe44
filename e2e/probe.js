// Runs inside a page before its own scripts and reads what the page's own pictures show and its video elements play. It
// touches nothing of the page. What is seen and heard is kept under the name that was given to the watch.
window.probe = { pictures: {}, tones: {}, timers: {} };
{
  const every = (key, ms, look) => {
    clearInterval(probe.timers[key]);
    probe.timers[key] = setInterval(look, ms);
  };

  // The level of one tone in the sound that a video element plays, ten times a second.
  probe.listen = async (name, selector, hz) => {
    const ctx = new AudioContext();
    await ctx.resume();
    const analyser = ctx.createAnalyser();
    analyser.fftSize = 8192;
    const bins = new Float32Array(analyser.frequencyBinCount);
    let track, source;
    probe.tones[name] = [];
    every("tone " + name, 100, () => {
      const now = document.querySelector(selector)?.srcObject?.getAudioTracks()[0];
      if (now && now !== track) {
        track = now;
        source?.disconnect();
        source = ctx.createMediaStreamSource(new MediaStream([track]));
        source.connect(analyser);
      }
      analyser.getFloatFrequencyData(bins);
      const at = Math.round((hz * analyser.fftSize) / ctx.sampleRate);
      const near = Math.max(...bins.slice(at - 2, at + 3));
      const far = bins.slice(Math.round(at * 1.5), at * 4).reduce((a, b) => a + b, 0) / (at * 4 - Math.round(at * 1.5));
      probe.tones[name].push([Date.now(), near, far]);
    });
  };

  const canvas = new OffscreenCanvas(640, 180);
  const g = canvas.getContext("2d", { willReadFrequently: true });
  // One bit a pixel of the middle of a picture, where the time code is.
  const bitsOf = (picture, width, height) => {
    g.drawImage(picture, 0, height / 4, width, height / 2, 0, 0, 640, 180);
    const px = g.getImageData(0, 0, 640, 180).data;
    const bits = new Uint8Array((640 * 180) / 8);
    for (let i = 0, p = 0; i < bits.length * 8; i++, p += 4) {
      if (299 * px[p] + 587 * px[p + 1] + 114 * px[p + 2] >= 126000) bits[i >> 3] |= 128 >> (i & 7);
    }
    return btoa(String.fromCharCode(...bits));
  };
  // What a video element shows. Fifteen looks a second suffice to see ten new pictures, and leave the machine to the call.
  probe.watch = (name, selector) => {
    probe.pictures[name] = [];
    every("picture " + name, 66, () => {
      const video = document.querySelector(selector);
      if (video?.videoWidth) probe.pictures[name].push([Date.now(), bitsOf(video, video.videoWidth, video.videoHeight)]);
    });
  };
  // What a canvas shows now.
  probe.look = (selector) => {
    const still = document.querySelector(selector);
    return [[Date.now(), bitsOf(still, still.width, still.height)]];
  };

  probe.take = () => {
    const { pictures, tones } = probe;
    const all = { pictures: {}, tones: {} };
    for (const name of Object.keys(pictures)) all.pictures[name] = pictures[name].splice(0);
    for (const name of Object.keys(tones)) all.tones[name] = tones[name].splice(0);
    return all;
  };
}
