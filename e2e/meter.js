// Runs inside a page before its own scripts and measures what the page's video elements show and play, and how its
// connections come up. It touches nothing of the page. Times are milliseconds of Unix time.
window.meter = { frames: {}, beeps: {}, steps: [], connections: [] };
{
  const now = () => performance.timeOrigin + performance.now();
  const step = (name) => meter.steps.push([now(), name]);
  const Native = RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      meter.connections.push(this);
      step("connection");
      this.addEventListener("connectionstatechange", () => step(this.connectionState));
      this.addEventListener("track", (e) => step("track " + e.track.kind));
    }
    async setRemoteDescription(d) {
      step("remote " + d.type);
      return super.setRemoteDescription(d);
    }
    async setLocalDescription(...d) {
      await super.setLocalDescription(...d);
      step("local description");
    }
  };

  const replaceTrack = RTCRtpSender.prototype.replaceTrack;
  RTCRtpSender.prototype.replaceTrack = function (track) {
    if (track) step("own " + track.kind);
    return replaceTrack.call(this, track);
  };

  // The element, as soon as the page has it.
  const appears = (selector) =>
    new Promise((found) => {
      const look = () => {
        const el = document.querySelector(selector);
        if (!el) return;
        observer.disconnect();
        found(el);
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { childList: true, subtree: true });
      look();
    });
  // The moment of each new picture of a video element, which may be yet to come, and of every n-th what it shows; n = 0: of
  // none.
  meter.watch = (name, selector, n) => {
    const seen = (meter.frames[name] = []);
    let count = 0;
    void appears(selector).then((video) => {
      const look = (_, frame) => {
        if (meter.frames[name] !== seen) return;
        seen.push([performance.timeOrigin + frame.presentationTime, n && count++ % n === 0 ? timecodeBits(video, video.videoWidth, video.videoHeight) : ""]);
        video.requestVideoFrameCallback(look);
      };
      video.requestVideoFrameCallback(look);
    });
  };
  // The same for the pictures of a camera as they come into the page, ahead of everything that shows or sends them.
  meter.watchCamera = async (name, selector) => {
    const seen = (meter.frames[name] = []);
    const track = document.querySelector(selector).srcObject.getVideoTracks()[0];
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    while (meter.frames[name] === seen) {
      const { value: frame, done } = await reader.read();
      if (done) return;
      const at = now();
      seen.push([at, timecodeBits(frame, frame.displayWidth, frame.displayHeight)]);
      frame.close();
    }
    await reader.cancel();
  };
  meter.unwatch = (name) => delete meter.frames[name];

  // The begin of each beep of the test tone, and which of its eight pitches it has.
  meter.listen = async (name, selector) => {
    const ctx = new AudioContext({ latencyHint: "interactive" });
    await ctx.resume();
    const analyser = new AnalyserNode(ctx, { fftSize: 512 });
    const stream = document.querySelector(selector).srcObject;
    ctx.createMediaStreamSource(new MediaStream([stream.getAudioTracks()[0]])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const level = (hz) => {
      const factor = 2 * Math.cos((2 * Math.PI * hz) / ctx.sampleRate);
      let s1 = 0, s2 = 0;
      for (const v of samples) [s1, s2] = [v + factor * s1 - s2, s1];
      return (2 * Math.sqrt(Math.max(s1 * s1 + s2 * s2 - factor * s1 * s2, 0))) / samples.length;
    };
    const heard = (meter.beeps[name] = []);
    let sounding = true;
    const timer = setInterval(() => {
      if (meter.beeps[name] !== heard) {
        clearInterval(timer);
        void ctx.close();
        return;
      }
      analyser.getFloatTimeDomainData(samples);
      let best = 0, pitch = 0;
      for (let k = 0; k < 8; k++) {
        const l = level(1000 + 250 * k);
        if (l > best) [best, pitch] = [l, k];
      }
      if (best > 0.08 && !sounding) heard.push([now(), pitch]);
      sounding = best > 0.04;
    }, 5);
  };
  meter.deafen = (name) => delete meter.beeps[name];

  meter.take = () => {
    const { frames, beeps, steps } = meter;
    const out = { frames: {}, beeps: {}, steps: steps.splice(0) };
    for (const k of Object.keys(frames)) out.frames[k] = frames[k].splice(0);
    for (const k of Object.keys(beeps)) out.beeps[k] = beeps[k].splice(0);
    return out;
  };
  meter.received = async () => {
    const pc = meter.connections.at(-1);
    for (const s of (await pc.getStats()).values()) {
      if (s.type === "inbound-rtp" && s.kind === "video") {
        return { frames: s.framesDecoded ?? 0, freezes: s.freezeCount ?? 0, width: s.frameWidth ?? 0, height: s.frameHeight ?? 0 };
      }
    }
    return { frames: 0, freezes: 0, width: 0, height: 0 };
  };
}
