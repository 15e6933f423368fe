#version 300 es
// The density view's levels: from the histogram (tally.vert) to what shade.frag looks up, for bin b = column.
//
// out = (share of the cells in bins below b, share in b, largest count, -); shares of the cells with at least half a point
precision highp float;
precision highp int;

uniform sampler2D tally;

out vec4 level;

void main() {
  int own = int(gl_FragCoord.x);
  float below = 0.0, within = 0.0, total = 0.0, most = 0.0;
  for (int bin = 0; bin < 256; bin += 1) {
    float cells = 0.0;
    for (int row = 0; row < 32; row += 1) {
      vec4 found = texelFetch(tally, ivec2(bin, row), 0);
      cells += found.r;
      most = max(most, found.a);
    }
    below += bin < own ? cells : 0.0;
    within = bin == own ? cells : within;
    total += cells;
  }
  level = vec4(vec2(below, within) / max(total, 1.0), most, 0.0);
}
