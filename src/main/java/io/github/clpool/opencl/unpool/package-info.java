/** Unpooling. */
package io.github.clpool.opencl.unpool;
