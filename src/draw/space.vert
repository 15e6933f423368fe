#version 300 es
// The galaxy: one point per item in space, one draw call, by a list of slots from far to near.
//
// In:   place   x, y, z = whole quanta, 0..65534, x = 65535 = hidden; w = 1/32 quanta of x, y, z, 5 bits each (space.rs)
//       style   rgb = color, a = size between the smallest (0) and the largest (1)
//       state   0 plain, 1 highlighted, 2 dimmed, 3 hidden; constant 0 when all are plain
//       before  the place that a moving point comes from; read only while blend < 1
// Out:  clip position, diameter, color and opacity of a disc, for points.frag
//
// r        = (whole - eye) + (parts / 32 - eyeParts): from the eye, in quanta; the first difference is exact
// depth    = r . forward; clip = (r . right + shift.x depth, r . up + shift.y depth, 0, depth)
// diameter = min((smallest + style.a (largest - smallest)) (1 + cues (distance / depth - 1)), cap), device px
// color    = mixed with the background by fogMost * smoothstep(fog begins, fog is thickest, depth)
// Highlighted discs may twinkle as in points.vert.
// alpha    fades from 4 near to near, so that nothing fills the screen; thin and faint discs as in points.vert
precision highp float;
precision highp int;

layout(location = 0) in vec4 place;
layout(location = 1) in vec4 style;
layout(location = 2) in float state;
layout(location = 3) in vec4 before;

uniform vec3 eye;        // whole quanta
uniform vec3 eyeParts;   // the rest, 0..1
uniform vec3 right;      // clip units * depth for a quantum
uniform vec3 up;
uniform vec3 forward;    // depth for a quantum
uniform vec2 shift;      // clip coordinates of the middle
uniform float blend;     // 0 = before .. 1 = now
uniform vec3 sizes;      // smallest, largest at `distance`, cap: device px
uniform vec4 depths;     // near, distance, fog begins, fog is thickest
uniform vec2 cues;       // how strong depth shows, 0..1, and fogMost
uniform float opacity;
uniform vec3 background;
uniform vec2 twinkle;    // where in its turn, 0..1; how much, 0..1

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

vec3 fromEye(vec4 at) {
  uint parts = uint(at.w);
  return (at.xyz - eye) + (vec3(parts & 31u, (parts >> 5) & 31u, (parts >> 10) & 31u) / 32.0 - eyeParts);
}

void main() {
  vec3 r = fromEye(place);
  // A point that was hidden appears where it belongs.
  if (blend < 1.0 && before.x != HIDDEN) r = mix(fromEye(before), r, blend);
  float depth = dot(r, forward);
  float diameter = min(mix(sizes.x, sizes.y, style.a) * (1.0 + cues.x * (depths.y / depth - 1.0)), sizes.z);
  bool highlighted = state == 1.0;
  float spark = highlighted && twinkle.y > 0.0 ? twinkle.y * sin(TURN * (twinkle.x + luck(uint(gl_VertexID)))) : 0.0;
  diameter *= 1.0 + SWELL * spark;
  float drawn = max(diameter, FLOOR);
  bool dimmed = state == 2.0;
  color = dimmed ? mix(style.rgb, background, DIM_COLOR) : mix(style.rgb, vec3(1.0), 0.5 * max(spark, 0.0));
  color = mix(color, background, highlighted ? 0.0 : cues.y * smoothstep(depths.z, depths.w, depth));
  radius = 0.5 * drawn;
  alpha = (highlighted ? 1.0 : dimmed ? DIM_ALPHA * opacity : opacity) * (diameter / drawn) * (diameter / drawn);
  alpha *= smoothstep(depths.x, 4.0 * depths.x, depth);
  bool shown = place.x != HIDDEN && state != 3.0 && depth > depths.x;
  if (alpha < FAINT) {
    shown = shown && luck(uint(gl_VertexID)) * FAINT < alpha;
    alpha = FAINT;
  }
  vec2 clip = vec2(dot(r, right), dot(r, up)) + shift * depth;
  gl_Position = shown ? vec4(clip, 0.0, depth) : vec4(0.0, 0.0, 2.0, 1.0);
  gl_PointSize = drawn + 1.0;
}
