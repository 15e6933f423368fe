#version 300 es
// The cloud: one point per item, one draw call.
//
// In:   high    quanta of the map, 0..65535 (quantize.rs); high.x = 65535 = hidden
//       low     1/65536 of a quantum; constant 0 unless quanta are wide enough to see
//       style   rgb = color, a = size between the smallest (0) and the largest (1)
//       state   0 plain, 1 highlighted, 2 dimmed, 3 hidden; constant 0 when all are plain
//       before  high.xy, low.xy of the place that a moving point comes from; read only while blend < 1
// Out:  clip position, diameter, color and opacity of a disc; gl_PointSize reaches to where the edge has faded
//
// clip = ((high - center.xy) + (low - center.zw) / 65536) * scale. The first difference is of whole numbers, so exact:
// the cloud does not tremble while panning deep in. Between two layouts: mix(clip of before, clip, blend).
// diameter = min(smallest + style.a * (largest - smallest), cap), in device px. A disc thinner than FLOOR is drawn
// FLOOR wide and as much fainter as its area would be smaller. Fainter than FAINT, where 8 bits a channel would round
// it to nothing, only a part of the discs is drawn, at FAINT: the lucky ones by a hash of their number.
// Highlighted discs may twinkle: s = twinkle.y * sin(2 pi (twinkle.x + hash)), wider by SWELL * s, whiter by s / 2 if s > 0.
precision highp float;
precision highp int;

layout(location = 0) in vec2 high;
layout(location = 1) in vec2 low;
layout(location = 2) in vec4 style;
layout(location = 3) in float state;
layout(location = 4) in vec4 before;

uniform vec4 center;       // high.xy, low.xy, of the camera's center
uniform vec2 scale;        // clip units per quantum
uniform vec4 beforeCenter; // the same for the layout before
uniform vec2 beforeScale;
uniform float blend;       // 0 = before .. 1 = now
uniform vec3 sizes;        // smallest, largest, cap: device px, already zoomed
uniform float opacity;     // of one disc, 0..1
uniform vec2 twinkle;      // where in its turn, 0..1; how much, 0..1
uniform float chosen;      // which are drawn: 0 all, 1 all but the highlighted, 2 only these
uniform vec3 background;   // dimmed discs take most of their color from it

flat out vec3 color;
flat out float radius; // device px
flat out float alpha;

const float FLOOR = 1.5;
const float FAINT = 1.0 / 32.0;
const float HIDDEN = 65535.0;
const float DIM_COLOR = 0.6;
const float DIM_ALPHA = 0.5;
const float SWELL = 0.18;
const float TURN = 6.2831853;

float luck(uint n) {
  n = (n ^ (n >> 16)) * 0x85ebca6bu;
  n = (n ^ (n >> 13)) * 0xc2b2ae35u;
  return float((n ^ (n >> 16)) >> 8) / 16777216.0;
}

void main() {
  bool highlighted = state == 1.0;
  float spark = 0.0;
  if (highlighted && twinkle.y > 0.0) spark = twinkle.y * sin(TURN * (twinkle.x + luck(uint(gl_VertexID))));
  float diameter = min(mix(sizes.x, sizes.y, style.a), sizes.z) * (1.0 + SWELL * spark);
  float drawn = max(diameter, FLOOR);
  bool dimmed = state == 2.0;
  color = dimmed ? mix(style.rgb, background, DIM_COLOR) : mix(style.rgb, vec3(1.0), 0.5 * max(spark, 0.0));
  radius = 0.5 * drawn;
  alpha = (highlighted ? 1.0 : dimmed ? DIM_ALPHA * opacity : opacity) * (diameter / drawn) * (diameter / drawn);
  bool shown = high.x != HIDDEN && state != 3.0 && !(highlighted ? chosen == 1.0 : chosen == 2.0);
  if (alpha < FAINT) {
    shown = shown && luck(uint(gl_VertexID)) * FAINT < alpha;
    alpha = FAINT;
  }
  vec2 clip = ((high - center.xy) + (low - center.zw) / 65536.0) * scale;
  if (blend < 1.0) {
    vec2 from = ((before.xy - beforeCenter.xy) + (before.zw - beforeCenter.zw) / 65536.0) * beforeScale;
    // A point that was hidden appears where it belongs.
    clip = before.x == HIDDEN ? clip : mix(from, clip, blend);
  }
  gl_Position = shown ? vec4(clip, 0.0, 1.0) : vec4(0.0, 0.0, 2.0, 1.0);
  gl_PointSize = drawn + 1.0;
}
