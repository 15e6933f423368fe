#version 300 es
// Lines: two triangles a line, a thin box around it. All six corners have both ends.
//
// In:   from, to  quanta of the two ends: high.xy, low.xy (quantize.rs)
// Out:  clip position of a corner; px from the line's middle, to antialias; opacity
//
// The ends in device px: ((high - center.xy) + (low - center.zw) / 65536) * scale * half the screen. A corner lies
// width / 2 + 1 px beside the line and beyond its end. A line thinner than 1 px is drawn 1 px wide and as much fainter.
// Long ones fade: alpha / (1 + (length / fade)²); fade = 0 = none does. What is fainter than FAINT is not drawn.
precision highp float;
precision highp int;

layout(location = 0) in vec4 from;
layout(location = 1) in vec4 to;

uniform vec4 center; // high.xy, low.xy, of the camera's center
uniform vec2 scale;  // clip units per quantum
uniform vec2 side;   // half the screen, device px
uniform vec3 look;   // width and fade in device px, opacity

out float across;    // device px from the middle
flat out float reach; // half the width drawn
flat out float alpha;

const float FAINT = 0.012;

vec2 px(vec4 end) {
  return ((end.xy - center.xy) + (end.zw - center.zw) / 65536.0) * scale * side;
}

void main() {
  vec2 a = px(from);
  vec2 b = px(to);
  float far = length(b - a);
  vec2 along = far > 0.0 ? (b - a) / far : vec2(1.0, 0.0);
  reach = 0.5 * max(look.x, 1.0);
  alpha = look.z * min(look.x, 1.0);
  if (look.y > 0.0) alpha /= 1.0 + far * far / (look.y * look.y);
  int corner = gl_VertexID % 6;
  float ends = (corner & 1) == 0 ? -1.0 : 1.0;
  float sides = corner == 0 || corner == 1 || corner == 5 ? -1.0 : 1.0;
  across = sides * (reach + 1.0);
  vec2 at = (ends < 0.0 ? a : b) + ends * reach * along + across * vec2(-along.y, along.x);
  gl_Position = alpha < FAINT ? vec4(0.0, 0.0, 2.0, 1.0) : vec4(at / side, 0.0, 1.0);
}
