/**
 * The OpenCL backend, the only package that imports org.jocl: discovery, memory, programs, plans
 * and their execution.
 *
 * <p>A plan is a plain value made by a pure function of problem and device profile, so that it can
 * be printed, tested, and compiled for a device that is not there;
 *
 * <p>no class of it touches org.jocl.
 */
package io.github.clpool.opencl;
