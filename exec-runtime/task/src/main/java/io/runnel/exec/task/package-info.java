/**
 * The vocabulary that every room shares: ids, sizes, limits, tasks, invocations and outcomes.
 *
 * <p>Values only: immutable, safe for any thread, without I/O.
 */
package io.runnel.exec.task;
