/** What was made lately and may be wanted again: the plans in front of every backend. */
package io.github.clpool.cache;
