/**
 * The arithmetic of docs/semantics.md that every backend shares: the twin of {@code opencl/lib}.
 */
package io.github.clpool.exact;
