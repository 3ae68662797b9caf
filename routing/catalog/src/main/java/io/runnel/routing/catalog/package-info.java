/**
 * What the network knows of accounts and tasks: an immutable snapshot, and the records of the
 * change feed from which it is made. Reads are free of I/O and locks; one writer applies records.
 *
 * <p>Each region is the only writer of its own log, and each account belongs to one region, so that
 * no two writers ever meet. Input comes from other nodes and is not believed: a record that is not
 * what its hash says, or does not follow the one before, is refused.
 */
package io.runnel.routing.catalog;
