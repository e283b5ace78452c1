/** Files that are read and replaced as a whole, for {@code io} and the command line. */
package io.github.clpool.files;
