#version 300 es
// The density view's counting: what one point adds to one cell (blended by addition).
//
// out = tint * clamp(reach + 1 - d, 0, 1), d = distance from the point's cell, in cells. With reach 0 only its own
// cell; whole reaches are datashader's circles with a soft edge, and between two of them nothing leaps.
precision highp float;

flat in vec4 tint;
flat in vec2 middle;

uniform float reach;

out vec4 sum;

void main() {
  sum = tint * clamp(reach + 1.0 - length(gl_FragCoord.xy - middle), 0.0, 1.0);
}
