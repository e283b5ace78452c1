/**
 * The fast JVM path, used when there is no OpenCL device: the bits of the reference, computed on
 * rows of primitive arrays that the just-in-time compiler vectorises, planes in parallel.
 */
package io.github.clpool.cpu;
