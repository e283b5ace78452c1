/**
 * The OpenCL backend. Here is what embeds it into programs that have a context of their own; its
 * rooms are {@code device} (discovery, self-tests), {@code runtime} (memory, transfers, programs,
 * execution: the only one besides that touches org.jocl), {@code plan} (plans as plain values, and
 * what all planners share) and, for each kind of implementation, {@code gpu}, {@code cpu}, {@code
 * roi}, {@code graph} and {@code unpool}, which {@code implementations} lists by the operators'
 * words.
 */
package io.github.clpool.opencl;
