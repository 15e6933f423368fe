#version 300 es
// The density view's counting: what one point adds to one cell (blended by addition).
//
// out = tint * (1 - (d / (reach + 1))^2)^2 within reach + 1, d = distance from the point's cell, in cells: the biweight
// kernel. With reach 0 only its own cell.
precision highp float;

flat in vec4 tint;
flat in vec2 middle;

uniform vec2 reach;

out vec4 sum;

void main() {
  vec2 apart = (gl_FragCoord.xy - middle) / (reach.x + 1.0);
  float inside = max(1.0 - dot(apart, apart), 0.0);
  sum = tint * (inside * inside);
}
