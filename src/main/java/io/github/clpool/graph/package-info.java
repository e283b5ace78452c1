/**
 * The mean field of {@link io.github.clpool.op.CrfPool} as steps, in an order that the fast
 * backends share.
 */
package io.github.clpool.graph;
