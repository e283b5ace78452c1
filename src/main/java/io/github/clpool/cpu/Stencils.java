package io.github.clpool.cpu;

/**
 * The windows of a plane as a {@link Stencil} per axis, and how scratch memory is laid out for a
 * band of neighbouring {@code q} of depth and height. The whole width is always there.
 *
 * @param d depth
 * @param h height
 * @param w width
 * @param lanes the number of elements of a cell
 * @param bandD the number of {@code q} of the depth in a band
 * @param bandH the number of {@code q} of the height in a band
 */
record Stencils(Stencil d, Stencil h, Stencil w, int lanes, int bandD, int bandH) {
  /** Cuts bands so that the sources of one have about some number of elements. */
  static Stencils of(Stencil d, Stencil h, Stencil w, int lanes, int elements) {
    int rows = (int) Math.max(1, elements / rowSize(w, lanes));
    int allD = d.end() - d.first();
    int allH = h.end() - h.first();
    long rowsOfH = (long) h.sourceCount(allH) * h.residues().length;
    // A band shorter than the stencil's span would mostly read what its neighbours read too.
    if (rowsOfH * d.sourceCount(1) * d.residues().length <= rows) {
      int fit = (int) (rows / rowsOfH) / d.residues().length - d.span();
      return new Stencils(d, h, w, lanes, band(fit, d.span(), allD), allH);
    }
    int rowsOfD = d.sourceCount(1) * d.residues().length;
    int fit = rows / rowsOfD / h.residues().length - h.span();
    return new Stencils(d, h, w, lanes, 1, band(fit, h.span(), allH));
  }

  private static int band(int fit, int span, int all) {
    int most = Math.min(all, Math.max(1, Math.max(fit, span)));
    int bands = (all - 1) / most + 1;
    return (all - 1) / bands + 1;
  }

  /** The number of elements of a row of sources; only a row that fits into an array can be cut. */
  static long rowSize(Stencil w, int lanes) {
    return (long) w.sourceCount(w.end() - w.first()) * w.sourcePhases() * lanes;
  }

  int bandsD() {
    return (d.end() - d.first() - 1) / bandD + 1;
  }

  int bandsH() {
    return (h.end() - h.first() - 1) / bandH + 1;
  }

  /** The number of sources of one phase along the depth. */
  int countD() {
    return d.sourceCount(bandD);
  }

  /** The number of sources of one phase along the height. */
  int countH() {
    return h.sourceCount(bandH);
  }

  /** The number of sources of one phase along the width. */
  int countW() {
    return w.sourceCount(w.end() - w.first());
  }

  /** The number of elements of a row of sources, before its phases are split. */
  int sourceRow() {
    return Math.toIntExact(rowSize(w, lanes));
  }

  /** The number of elements of a row of one phase. */
  int row() {
    return countW() * lanes;
  }

  /** The number of rows of one phase. */
  int rows() {
    return countD() * countH();
  }

  /** The number of elements that one thread needs at most, somewhat more than it does. */
  long scratch() {
    long phases =
        (long) d.residues().length * h.residues().length
            + (long) d.residues().length * h.targetPhases()
            + (long) d.targetPhases() * h.targetPhases()
            + w.residues().length
            + w.targetPhases()
            + 2;
    return Math.multiplyExact(
        phases, Math.multiplyExact((long) countD() * countH(), (long) sourceRow()));
  }
}
