#version 300 es
// One disc: flat color, one pixel of antialiasing, a darker rim.
//
// px       = distance of this pixel's center from the disc's, device px
// covered  = clamp(radius - px + 0.5, 0, 1): the edge fades over one pixel at any size
// shade    = 1 - rim * strength * clamp((px - radius) / width + 1.5, 0, 1): overlapping discs stay apart. The width
//            follows the radius; strength fades it out on small discs, where it would only darken.
// out      = premultiplied: (color * shade, 1) * covered * alpha
precision highp float;

flat in vec3 color;
flat in float radius;
flat in float alpha;

uniform float pixel; // device px per CSS px
uniform float rim;   // how much darker, 0..1

out vec4 fragment;

void main() {
  float px = length(gl_PointCoord - 0.5) * (2.0 * radius + 1.0);
  float covered = clamp(radius - px + 0.5, 0.0, 1.0);
  float width = clamp(0.22 * radius, 0.75, max(1.5 * pixel, 0.75));
  float strength = clamp(radius / (2.0 * pixel) - 0.5, 0.0, 1.0);
  float shade = 1.0 - rim * strength * clamp((px - radius) / width + 1.5, 0.0, 1.0);
  fragment = vec4(color * shade, 1.0) * (covered * alpha);
}
