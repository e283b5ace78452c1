/** Regions of interest. */
package io.github.clpool.opencl.roi;
