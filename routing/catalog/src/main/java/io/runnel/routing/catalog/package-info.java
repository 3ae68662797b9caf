/**
 * What the network knows of accounts and tasks: an immutable snapshot, and the records of the
 * change feed from which it is made. Reads are free of I/O and locks; one writer applies records.
 */
package io.runnel.routing.catalog;
