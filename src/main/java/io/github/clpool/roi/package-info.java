/** Regions of interest as tables, from the boxes of a call: for backends whose host finds them. */
package io.github.clpool.roi;
