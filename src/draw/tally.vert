#version 300 es
// The density view's histogram: one vertex for each run of `stride` cells, drawn into the bin of one of them.
//
// In:   counts  a = the count t of a cell
// Out:  a point on column bin(t) = clamp(floor(8 log2 t + 64.5), 0, 255) and row run % 32; nothing for an empty run
//       one  = 1 if the cell that speaks for the run has at least half a point, else 0
//       most = the largest count of the run
//
// Which cell speaks is random by a hash of the run, and always the same. 32 rows keep the sums below 2048, up to which
// half floats are exact, for up to 65,536 runs. 8 bins an octave tell 1 .. 15 apart; the half bin makes powers of 2 lie
// in the middle of theirs, so that no rounding of log2 moves them to another.
precision highp float;
precision highp int;

uniform sampler2D counts;
uniform float stride;

flat out float one;
flat out float most;

int pick(uint n, int count) {
  n = (n ^ (n >> 16)) * 0x85ebca6bu;
  n = (n ^ (n >> 13)) * 0xc2b2ae35u;
  return int((n ^ (n >> 16)) % uint(count));
}

void main() {
  ivec2 size = textureSize(counts, 0);
  int run = int(stride), first = gl_VertexID * run, speaks = pick(uint(gl_VertexID), run);
  float t = 0.0;
  most = 0.0;
  for (int i = 0; i < run; i += 1) {
    int at = first + i;
    float count = at < size.x * size.y ? texelFetch(counts, ivec2(at % size.x, at / size.x), 0).a : 0.0;
    most = max(most, count);
    t = i == speaks ? count : t;
  }
  one = t >= 0.5 ? 1.0 : 0.0;
  float bin = clamp(floor(8.0 * log2(t > 0.0 ? t : most) + 64.5), 0.0, 255.0);
  vec2 clip = vec2((bin + 0.5) / 128.0 - 1.0, (float(gl_VertexID % 32) + 0.5) / 16.0 - 1.0);
  gl_Position = most > 0.0 ? vec4(clip, 0.0, 1.0) : vec4(0.0, 0.0, 2.0, 1.0);
  gl_PointSize = 1.0;
}
