package io.github.clpool.cli;

import io.github.clpool.op.Role;
import io.github.clpool.parity.Case;
import java.io.IOException;
import java.util.Map;

/** A library that pools, set up as its makers would for speed. Not thread-safe. */
interface Peer {
  /** The name, as the table's column has it. */
  String name();

  /** Its version, and what else a reader must know of how it is used. */
  String version() throws IOException;

  /**
   * Makes a call ready to be timed; what can be allocated or converted before is.
   *
   * @param given the elements of what the call is given, in the case's layout; read where they are
   * @throws UnsupportedOperationException saying what the library lacks
   */
  Prepared prepare(Case subject, Map<Role, NativeArray> given) throws Exception;

  /** A call that can be repeated. */
  interface Prepared extends Runnable, AutoCloseable {
    /** The output, or backward the gradient of the input, in the case's layout. */
    float[] values();

    /** The selected cells' indices in their planes, in the case's layout. */
    int[] indices();

    @Override
    void close();
  }
}
