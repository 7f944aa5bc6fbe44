package render

import "kontaktlaege/media"

// Look says how a tile shows its picture.
type Look struct {
	Cover  bool    // fill the tile and cut what stands over; else show all of it
	Mirror bool    // as in a mirror: one's own picture
	Radius float32 // of the corners, in pixels of the screen
	Alpha  float32 // 0–1
}

// Uniforms sets all that the shader asks for, for a picture of this size.
func Uniforms(into map[string]float32, f *media.Frame, l Look) {
	into["pictureWidth"] = float32(f.Width)
	into["pictureHeight"] = float32(f.Height)
	into["cover"] = number(l.Cover)
	into["mirror"] = number(l.Mirror)
	into["radius"] = l.Radius
	into["alpha"] = l.Alpha
}

func number(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// ShaderDesktop and ShaderES are the fragment shader of a video tile for Fyne's canvas.Shader, which sets bounds and
// frame. Outside of the picture the tile stays clear.
const (
	ShaderDesktop = "#version 110\n" + shaderBody
	ShaderES      = "#version 100\nprecision highp float;\n" + shaderBody
)

// In shaderBody, the filter is linear: rows are blended by it, since a texel holds one row; along a row it would blend
// a texel's four samples with the next four, so texels are read at their centres and the samples blended by hand.
const shaderBody = `
uniform vec2 frame;  // size of the window
uniform vec4 bounds; // of the tile: left, top, right, bottom

uniform float pictureWidth;
uniform float pictureHeight;
uniform float cover;
uniform float mirror;
uniform float radius;
uniform float alpha;

uniform sampler2D planeY;
uniform sampler2D planeU;
uniform sampler2D planeV;

// pick gives the sample of column x out of the texel that holds it.
float pick(vec4 texel, float x) {
	float channel = x - 4.0 * floor(x * 0.25);
	return dot(texel, vec4(lessThan(abs(vec4(channel) - vec4(0.0, 1.0, 2.0, 3.0)), vec4(0.5))));
}

float sampleAt(sampler2D plane, vec2 at, vec2 size) {
	float texels = ceil(size.x * 0.25);
	float x = clamp(at.x - 0.5, 0.0, size.x - 1.0);
	float x0 = floor(x);
	float x1 = min(x0 + 1.0, size.x - 1.0);
	float row = at.y / size.y;
	vec4 t0 = texture2D(plane, vec2((floor(x0 * 0.25) + 0.5) / texels, row));
	vec4 t1 = texture2D(plane, vec2((floor(x1 * 0.25) + 0.5) / texels, row));
	return mix(pick(t0, x0), pick(t1, x1), x - x0);
}

void main() {
	vec2 size = bounds.zw - bounds.xy;
	vec2 picture = vec2(pictureWidth, pictureHeight);
	vec2 fit = size / picture;
	float scale = cover > 0.5 ? max(fit.x, fit.y) : min(fit.x, fit.y);
	vec2 fromCentre = vec2(gl_FragCoord.x - bounds.x, frame.y - gl_FragCoord.y - bounds.y) - size * 0.5;

	// How far outside of the rounded rectangle that is shown, in pixels.
	vec2 corner = abs(fromCentre) - min(picture * scale, size) * 0.5 + radius;
	float outside = length(max(corner, 0.0)) + min(max(corner.x, corner.y), 0.0) - radius;
	float opacity = clamp(0.5 - outside, 0.0, 1.0) * alpha;
	if (opacity <= 0.0) {
		discard;
	}

	vec2 at = fromCentre / scale;
	if (mirror > 0.5) {
		at.x = -at.x;
	}
	at += picture * 0.5;

	// BT.601, limited range.
	float y = 1.164384 * (sampleAt(planeY, at, picture) - 0.062745);
	float u = sampleAt(planeU, at * 0.5, picture * 0.5) - 0.501961;
	float v = sampleAt(planeV, at * 0.5, picture * 0.5) - 0.501961;
	vec3 rgb = vec3(y + 1.596027 * v, y - 0.391762 * u - 0.812968 * v, y + 2.017232 * u);
	gl_FragColor = vec4(clamp(rgb, 0.0, 1.0), opacity);
}
`
