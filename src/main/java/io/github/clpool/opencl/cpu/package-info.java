/**
 * Implementations whose work-items own rows or planes, with vectors inside them: for processors.
 */
package io.github.clpool.opencl.cpu;
