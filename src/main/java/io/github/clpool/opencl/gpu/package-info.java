/**
 * Implementations whose work-items make a result or a few each, side by side: what GPUs get, and
 * what takes everything everywhere.
 */
package io.github.clpool.opencl.gpu;
