// The browser's end of a netlab call. ?call= names it, ?me= says who this is; who is "tablet" offers, as the tablet does.
// What it measures stands in window.lab. Its recovery is that of the clinic page: an ICE restart two seconds after a loss;
// its text is the pages' own.
import { TextLine } from "/shared/talk/t140.js";

const query = new URLSearchParams(location.search);
const call = query.get("call");
const me = query.get("me");
const other = me === "tablet" ? "clinic" : "tablet";

const lab = (window.lab = { samples: [], typed: [], received: [], error: "", state: "new", ready: false });
lab.start = async () => {
  connect(crypto.randomUUID());
  await offer();
};
lab.take = () => {
  const { samples, typed, received } = lab;
  lab.samples = [];
  lab.typed = [];
  lab.received = [];
  return { samples, typed, received, error: lab.error, state: lab.state };
};

const now = () => performance.timeOrigin + performance.now();
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

async function ask(path, options = {}) {
  const answer = await fetch(path, { ...options, signal: AbortSignal.timeout(8000), cache: "no-store" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

const outbox = [];
async function send() {
  for (;;) {
    if (!outbox.length) {
      await sleep(20);
      continue;
    }
    const batch = outbox.slice(0, 16);
    try {
      await ask(`/calls/${call}/${other}`, { method: "POST", body: JSON.stringify(batch) });
      outbox.splice(0, batch.length);
    } catch {
      await sleep(300);
    }
  }
}
const say = (signal) => outbox.push({ From: me, To: other, ...signal });

const text = new TextLine();
let pc, peer, local, servers, lostAt = 0, restarts = 0;

function connect(id) {
  pc?.close();
  peer = id;
  pc = new RTCPeerConnection({ iceServers: servers, bundlePolicy: "max-bundle" });
  text.use(
    pc.createDataChannel("text", { negotiated: true, id: 0, protocol: "kontakt.text.1", ordered: false, maxRetransmits: 0 }),
    (news) => lab.received.push({ At: now(), Text: news.replaceAll("\u0003", "") }),
  );
  pc.createDataChannel("still", { negotiated: true, id: 1, protocol: "kontakt.still.1" });
  pc.createDataChannel("pointer", { negotiated: true, id: 2, protocol: "kontakt.pointer.1", ordered: false, maxRetransmits: 0 });
  for (const track of local.getTracks()) pc.addTrack(track, local);
  pc.ontrack = ({ streams }) => (document.querySelector("#remote").srcObject = streams[0]);
  pc.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate) {
      say({ Kind: "candidates", Peer: id, Candidates: [{ Candidate: candidate.candidate, SDPMid: candidate.sdpMid, SDPMLineIndex: candidate.sdpMLineIndex }] });
    }
  };
}

async function offer(options) {
  await pc.setLocalDescription(await pc.createOffer(options));
  say({ Kind: "offer", Peer: peer, SDP: pc.localDescription.sdp });
}

const early = [];
async function hear(signal) {
  if (signal.Kind === "offer") {
    if (signal.Peer !== peer) connect(signal.Peer);
    await pc.setRemoteDescription({ type: "offer", sdp: signal.SDP });
    await pc.setLocalDescription();
    say({ Kind: "answer", Peer: peer, SDP: pc.localDescription.sdp });
  } else if (signal.Kind === "answer" && signal.Peer === peer && pc.signalingState === "have-local-offer") {
    await pc.setRemoteDescription({ type: "answer", sdp: signal.SDP });
  } else if (signal.Kind === "candidates" && (signal.Peer === peer || !peer)) {
    early.push(...signal.Candidates);
  }
  while (pc?.remoteDescription && early.length) {
    const c = early.shift();
    await pc.addIceCandidate({ candidate: c.Candidate, sdpMid: c.SDPMid, sdpMLineIndex: c.SDPMLineIndex }).catch(() => {});
  }
}

async function listen() {
  for (let after = 0; ; ) {
    try {
      const said = await (await ask(`/calls/${call}/${me}?after=${after}`)).json();
      after += said.length;
      for (const signal of said) await hear(signal);
    } catch (e) {
      if (e.name !== "TimeoutError" && e.name !== "TypeError") lab.error = `${e}`;
      await sleep(300);
    }
  }
}

// Two seconds after a loss, then every eight, the offerer looks for another path.
async function recover() {
  for (;;) {
    await sleep(100);
    if (!pc) continue;
    lab.state = pc.connectionState;
    const lost = pc.iceConnectionState === "disconnected" || pc.iceConnectionState === "failed";
    if (!lost) lostAt = restarts = 0;
    else if (!lostAt) lostAt = now();
    else if (me === "tablet" && now() - lostAt > 2000 + 8000 * restarts) {
      restarts++;
      if (pc.signalingState === "have-local-offer") await pc.setLocalDescription({ type: "rollback" });
      await offer({ iceRestart: true });
    }
  }
}

async function measure() {
  for (;;) {
    await sleep(200);
    if (!pc) continue;
    const s = { At: now(), Frames: 0, Height: 0, Frozen: 0, Concealed: 0, Sound: 0, Path: "", Rung: "", Rate: 0, Target: 0 };
    const stats = await pc.getStats();
    for (const r of stats.values()) {
      if (r.type === "inbound-rtp" && r.kind === "video") {
        s.Frames = r.framesDecoded ?? 0;
        s.Height = r.frameHeight ?? 0;
        s.Frozen = r.totalFreezesDuration ?? 0;
      } else if (r.type === "inbound-rtp" && r.kind === "audio") {
        s.Concealed = r.concealedSamples ?? 0;
        s.Sound = r.totalSamplesReceived ?? 0;
      } else if (r.type === "transport" && r.selectedCandidatePairId) {
        const pair = stats.get(r.selectedCandidatePairId);
        s.Target = pair.availableOutgoingBitrate ?? 0;
        const ends = [stats.get(pair.localCandidateId), stats.get(pair.remoteCandidateId)];
        s.Path = ends.some((c) => c?.candidateType === "relay") ? "relay" : "direct";
      }
    }
    lab.samples.push(s);
  }
}

lab.type = async (all) => {
  for (const character of all) {
    await sleep(100);
    lab.typed.push({ At: now(), Text: character });
    text.write(character);
  }
};

try {
  local = await navigator.mediaDevices.getUserMedia({
    // A guest sends little: what the tablet's uplink does to four is measured, not what this machine does.
    video: me === "tablet" || me === "clinic" ? { width: 1280, height: 720, frameRate: 30 } : { width: 320, height: 180, frameRate: 15 },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  const relay = await (await ask(`/relay?as=${me}`)).json();
  servers = relay.Servers.map((s) => ({ urls: s.URLs, username: s.Username, credential: s.Credential }));
  send();
  listen();
  recover();
  measure();
  lab.ready = true;
} catch (e) {
  lab.error = `${e}`;
}
