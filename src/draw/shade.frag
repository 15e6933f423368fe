#version 300 es
// The density view on the screen: the mean color of each cell's points, as opaque as there are many.
//
// In:   counts  rgb = sum of the colors, a = count t; with ready: rgb = mean color, a = opacity
//       levels  see levels.frag
//       field   the smooth density on a coarse grid, as a number of contours crossed (contours.rs)
// how = 0: v = share of the cells with less, plus half of those with as much (histogram equalization), linear within
//       a bin, of all with at least half a point; 1: v = log(1 + t) / log(1 + largest t); 2: v = t / largest t
// out = premultiplied (mean color, 1) * (FLOOR + (1 - FLOOR) * v) * min(t, 1) * share; FLOOR is datashader's min_alpha,
//       40 / 255, and t < 1 is where the kernel of a lone point ends
// Where colors mean nothing but popularity, the color is that of v on the ramp instead of the mean.
// A contour is where the field, as a cubic B-spline, is a whole number from 1 on: line wide, antialiased by its gradient.
precision highp float;
precision highp int;

uniform sampler2D counts;
uniform sampler2D levels;
uniform sampler2D field;
uniform vec2 cell;   // x = its side in device px, y = cells beside the screen
uniform float how;
uniform vec2 ready;  // x = 1: counted and shaded without the GPU; y = 1: colors of the ramp
uniform float share; // of the density in the picture; the rest are points
uniform vec4 lines;  // xy = field's origin in its cells, z = cells per device px, w = width in device px, 0 = none
uniform vec4 ink;    // of the contours, and their opacity
uniform vec3 ramp[5];
uniform vec2 corner; // lower left, of what is drawn: in device px of what was counted

out vec4 fragment;

const float FLOOR = 40.0 / 255.0;

float opacity(float t) {
  if (how == 0.0) {
    float place = clamp(8.0 * log2(t) + 64.5, 0.0, 255.99);
    vec4 level = texelFetch(levels, ivec2(int(place), 0), 0);
    return level.x + fract(place) * level.y;
  }
  float most = texelFetch(levels, ivec2(0), 0).z;
  return min(how == 1.0 ? log(1.0 + t) / log(1.0 + most) : t / most, 1.0);
}

vec4 weights(float t) {
  vec4 power = vec4(1.0, t, t * t, t * t * t);
  return vec4(
    dot(power, vec4(1.0, -3.0, 3.0, -1.0)), dot(power, vec4(4.0, 0.0, -6.0, 3.0)),
    dot(power, vec4(1.0, 3.0, 3.0, -3.0)), power.w) / 6.0;
}

float smoothed(vec2 at) {
  ivec2 low = ivec2(floor(at - 0.5)), most = textureSize(field, 0) - 1;
  vec4 across = weights(fract(at.x - 0.5)), up = weights(fract(at.y - 0.5));
  float sum = 0.0;
  for (int y = 0; y < 4; y += 1) {
    vec4 row;
    for (int x = 0; x < 4; x += 1) {
      row[x] = texelFetch(field, clamp(low + ivec2(x - 1, y - 1), ivec2(0), most), 0).r;
    }
    sum += up[y] * dot(across, row);
  }
  return sum;
}

void main() {
  vec2 at = corner + gl_FragCoord.xy;
  vec4 here = texelFetch(counts, ivec2(at / cell.x + cell.y), 0);
  fragment = vec4(0.0);
  if (ready.x > 0.0) {
    fragment = vec4(here.rgb, 1.0) * here.a;
  } else if (here.a > 0.0) {
    float v = opacity(here.a);
    vec3 color = here.rgb / here.a;
    if (ready.y > 0.0) {
      int low = min(int(4.0 * v), 3);
      color = mix(ramp[low], ramp[low + 1], 4.0 * v - float(low));
    }
    fragment = vec4(color, 1.0) * ((FLOOR + (1.0 - FLOOR) * v) * min(here.a, 1.0));
  }
  if (lines.w > 0.0) {
    float crossed = smoothed(lines.xy + at * lines.z);
    float nearest = max(floor(crossed + 0.5), 1.0);
    float slope = length(vec2(dFdx(crossed), dFdy(crossed)));
    float px = abs(crossed - nearest) / max(slope, 1e-4);
    float over = clamp(0.5 * lines.w + 0.5 - px, 0.0, 1.0) * ink.a;
    fragment = mix(fragment, vec4(ink.rgb, 1.0), over);
  }
  fragment *= share;
}
