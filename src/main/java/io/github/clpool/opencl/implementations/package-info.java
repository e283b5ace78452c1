/** The implementations of each operator, by its word. */
package io.github.clpool.opencl.implementations;
