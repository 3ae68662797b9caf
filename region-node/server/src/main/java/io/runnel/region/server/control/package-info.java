/**
 * The control API of a region, {@code /v1}: accounts and their keys, tasks and their versions,
 * blobs, logs, nodes, topology. It reads the catalog's snapshot, writes to the region's store, and
 * hands what belongs to another region over to it in one hop. Never on the way of a call to a task.
 */
package io.runnel.region.server.control;
