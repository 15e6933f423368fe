#version 300 es
// A mark: the item's disc again, opaque, in a ring with a gap the color of the background.
//
// inside(r) = clamp(r - px + 0.5, 0, 1), px = distance from the center. Colors go outward: disc, gap, ring.
// out       = premultiplied mix, alpha = inside(ring)
precision highp float;

uniform vec3 radii; // disc, gap, ring: device px, rising
uniform vec3 disc;
uniform vec3 gap;
uniform vec3 ring;

out vec4 fragment;

void main() {
  float px = length(gl_PointCoord - 0.5) * (2.0 * radii.z + 2.0);
  vec3 inside = clamp(radii - px + 0.5, 0.0, 1.0);
  vec3 color = mix(mix(ring, gap, inside.y), disc, inside.x);
  fragment = vec4(color, 1.0) * inside.z;
}
