/**
 * A day of a whole network in minutes: the objects that place calls, under a virtual clock, against
 * an oracle that knows the next hour, and against two policies that do not place at all.
 */
package io.runnel.routing.placement.simulation;
