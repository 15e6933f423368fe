#version 300 es
// A mark on one item: no attributes, all in uniforms.
//
// In:   place  clip units
//       radii  of the disc, of the gap around it, of the ring around that: device px
// Out:  one point that covers the ring, with 1 px to spare on each side
precision highp float;

uniform vec2 place;
uniform vec3 radii;

void main() {
  gl_Position = vec4(place, 0.0, 1.0);
  gl_PointSize = 2.0 * radii.z + 2.0;
}
