/**
 * Decisions without I/O: what is popular, who may call a task, where a call runs, and which region
 * is next. Time, load and randomness are arguments, so that each decision is a unit test and can be
 * explained afterwards from its input.
 *
 * <p>Running a call at the point of presence or in a region, by how often its code is asked for
 * there, by the code's properties and by the free resources, follows US11762703.
 */
package io.runnel.routing.placement;
