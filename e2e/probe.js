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

  // What a video element shows. Fifteen looks a second suffice to see ten new pictures, and leave the machine to the call.
  probe.watch = (name, selector) => {
    probe.pictures[name] = [];
    every("picture " + name, 66, () => {
      const video = document.querySelector(selector);
      if (video?.videoWidth) probe.pictures[name].push([Date.now(), timecodeBits(video, video.videoWidth, video.videoHeight)]);
    });
  };
  // What a canvas shows now.
  probe.look = (selector) => {
    const still = document.querySelector(selector);
    return [[Date.now(), timecodeBits(still, still.width, still.height)]];
  };

  probe.take = () => {
    const { pictures, tones } = probe;
    const all = { pictures: {}, tones: {} };
    for (const name of Object.keys(pictures)) all.pictures[name] = pictures[name].splice(0);
    for (const name of Object.keys(tones)) all.tones[name] = tones[name].splice(0);
    return all;
  };
}
