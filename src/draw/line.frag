#version 300 es
// One line: flat color, its sides antialiased over one pixel.
//
// out = premultiplied: color * alpha * clamp(reach - |across| + 0.5, 0, 1)
precision highp float;

in float across;
flat in float reach;
flat in float alpha;

uniform vec3 color;

out vec4 fragment;

void main() {
  fragment = vec4(color, 1.0) * (alpha * clamp(reach - abs(across) + 0.5, 0.0, 1.0));
}
