#version 300 es
// The density view's counting: one point of the cloud, snapped to its cell of the grid.
//
// In:   high, low, style, state, before   as in points.vert
// Out:  tint = (color, 1) * weight; weight = 1, or DIM_WEIGHT of a dimmed point, whose color is near the background
//
// clip is that of points.vert. cell = floor((clip + 1) / 2 * grid.xy) + margin: a point counts where its center is. It
// is drawn 2 * ceil(reach) + 1 cells wide, and count.frag says how much each of them gets. The margin lets points
// beyond the screen reach into it.
precision highp float;

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
uniform vec4 grid;         // xy = the screen in cells, zw = cells of the target, which reaches beyond it
uniform vec2 reach;        // x = how far a point is spread, y = margin beside the screen: cells
uniform vec3 background;

flat out vec4 tint;
flat out vec2 middle; // of its cell

const float HIDDEN = 65535.0;
const float DIM_COLOR = 0.6;
const float DIM_WEIGHT = 0.125;

void main() {
  vec2 clip = ((high - center.xy) + (low - center.zw) / 65536.0) * scale;
  if (blend < 1.0) {
    vec2 from = ((before.xy - beforeCenter.xy) + (before.zw - beforeCenter.zw) / 65536.0) * beforeScale;
    clip = before.x == HIDDEN ? clip : mix(from, clip, blend);
  }
  bool dimmed = state == 2.0;
  tint = dimmed ? DIM_WEIGHT * vec4(mix(style.rgb, background, DIM_COLOR), 1.0) : vec4(style.rgb, 1.0);
  middle = floor((0.5 * clip + 0.5) * grid.xy) + (reach.y + 0.5);
  bool shown = high.x != HIDDEN && state != 3.0;
  gl_Position = shown ? vec4(2.0 * middle / grid.zw - 1.0, 0.0, 1.0) : vec4(0.0, 0.0, 2.0, 1.0);
  gl_PointSize = 2.0 * ceil(reach.x) + 1.0;
}
