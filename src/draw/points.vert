#version 300 es
// The cloud: one point per item, one draw call.
//
// In:   position  buffer units, the map scaled to [-1, 1]; beyond 2 = hidden
//       style     rgb = color, a = size between the smallest (0) and the largest (1)
// Out:  clip position, diameter, color and opacity of a disc; gl_PointSize has 1 px to spare on each side
//
// clip = (position - high - low) * scale. The camera's center comes as two floats: position - high is exact for
// points near the center, so the cloud does not tremble while panning deep in.
// diameter = min(smallest + style.a * (largest - smallest), cap), in device px. A disc thinner than FLOOR is drawn
// FLOOR wide and as much fainter as its area would be smaller.
precision highp float;

layout(location = 0) in vec2 position;
layout(location = 1) in vec4 style;

uniform vec4 center;   // high.xy, low.xy, buffer units
uniform vec2 scale;    // clip units per buffer unit
uniform vec3 sizes;    // smallest, largest, cap: device px, already zoomed
uniform float opacity; // of one disc, 0..1

flat out vec3 color;
flat out float radius; // device px
flat out float alpha;

const float FLOOR = 1.5;

void main() {
  color = style.rgb;
  float diameter = min(mix(sizes.x, sizes.y, style.a), sizes.z);
  float drawn = max(diameter, FLOOR);
  radius = 0.5 * drawn;
  alpha = opacity * (diameter / drawn) * (diameter / drawn);
  bool hidden = abs(position.x) > 2.0 || abs(position.y) > 2.0;
  vec2 clip = (position - center.xy - center.zw) * scale;
  gl_Position = hidden ? vec4(0.0, 0.0, 2.0, 1.0) : vec4(clip, 0.0, 1.0);
  gl_PointSize = drawn + 2.0;
}
