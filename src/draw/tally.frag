#version 300 es
// The density view's histogram: rgb are summed up, of alpha the largest stays.
//
// out = (one, one, one, most)
precision highp float;

flat in float one;
flat in float most;

out vec4 tally;

void main() {
  tally = vec4(one, one, one, most);
}
