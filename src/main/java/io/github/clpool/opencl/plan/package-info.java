/**
 * Plans: plain values, made by pure functions of problem and device profile, so that they can be
 * printed, tested, and compiled for a device that is not there; and what their makers share. No
 * class of it touches org.jocl.
 */
package io.github.clpool.opencl.plan;
