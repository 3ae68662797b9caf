/**
 * A region's durable store: one ordered, hash-chained log for each origin region, of which it
 * writes its own and keeps verbatim copies of the others'; and what tasks wrote to standard error,
 * sealed secrets, answers to writes that may be asked again. What was acknowledged is on disk.
 */
package io.runnel.cluster.store;
