/** Graphs: the operations of {@link io.github.clpool.op.CrfPool}. */
package io.github.clpool.opencl.graph;
