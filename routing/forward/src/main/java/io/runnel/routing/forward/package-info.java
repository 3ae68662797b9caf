/**
 * The way from a POP to its regions: calls that do not run at the POP are sent on over HTTP/2 and
 * their answers handed back, streaming both ways; and whether a region can be reached at all. A
 * node of a region that is full goes the same way to the others.
 *
 * <p>The POP answers its user whatever happens behind it, one hop only (US11762703).
 */
package io.runnel.routing.forward;
