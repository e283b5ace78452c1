/** The command line: one class for each command. */
package io.github.clpool.cli;
